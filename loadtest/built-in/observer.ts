import type { Step } from '../thresholds.ts'

/** A request that has ended, or was cut off at the end of the run. Times are those of the clock. */
export interface RequestSample {
  phase: 'set_up' | 'load'
  step: Step
  scenario: string
  /** The stair of a breakpoint search, by its rate. */
  rate: string | undefined
  /** Planned start: the arrival of the journey, or the end of the response or pause before. */
  plannedMs: number
  startedMs: number
  endedMs: number
  /** 0 without a response. */
  status: number
  hasExpectedStatus: boolean
  traceId: string
  /** Why there was no response. */
  error: string
}

export interface JourneySample {
  rate: string | undefined
  hasReachedEnd: boolean
}

/** Receives the events of a run as they happen. */
export interface Observer {
  request?(sample: RequestSample): void
  journey?(sample: JourneySample): void
  /** A journey did not start, because too many were active. */
  dropped?(rate: string | undefined): void
  /** The delay of the engine itself at the start of a journey or after a pause. */
  lag?(ms: number): void
  /** A journey threw an exception. */
  failure?(error: Error): void
}
