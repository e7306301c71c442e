import type { Step } from '../thresholds.ts'

/** A request that has ended, or was cut off at the end of a run. Times are the clock's. */
export interface RequestSample {
  phase: 'set_up' | 'load'
  step: Step
  scenario: string
  /** The stair of a breakpoint search. */
  rate: string | undefined
  /** When it was planned to start: at the arrival, or when the person had thought. */
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

/** What the engine reports, as it happens. */
export interface Observer {
  request?(sample: RequestSample): void
  journey?(sample: JourneySample): void
  /** A journey could not begin: too many were on the way. */
  dropped?(rate: string | undefined): void
  /** By how much the engine itself was late to begin a journey, or to go on after a pause. */
  lag?(ms: number): void
  /** A journey ended with an exception. */
  failure?(error: Error): void
}
