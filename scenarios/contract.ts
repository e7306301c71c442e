import type { Sli } from '../observability/slo'
import type { ScenarioContext } from './context'

/** A fault that is injected on purpose, what operators must see of it and by when, and how it is reverted. */
export interface Scenario {
  /** The name of its file, and on the command line. */
  name: string
  /** One sentence: what happens, and what shoppers notice. */
  title: string
  /** Why the scenario can't run here; `undefined` where it can. */
  skipReason?(context: ScenarioContext): Promise<string | undefined>
  /** Sets up what the scenario needs before the fault. */
  prepare?(context: ScenarioContext): Promise<void>
  inject(context: ScenarioContext): Promise<void> | void
  /** Always called. Afterwards the runner starts killed processes, clears faults and restores the default load. */
  revert?(context: ScenarioContext): Promise<void>
  /** All must fire. The times of the first one are the verdict's `firing_s` and `resolved_s`. */
  alerts: [ExpectedAlert, ...ExpectedAlert[]]
  /** A span that shows the fault. */
  span?: ExpectedSpan
  /** LogQL that finds a log record of the fault. */
  log?: string
  sli?: ExpectedSli
  /** Whether span and log record arrive only after the revert, because they are buffered until then. */
  evidenceAfterRevert?: boolean
  /** Whether no more of the shoppers' requests may fail than the objective allows. */
  shoppersUnaffected?: boolean
  /** Minimum duration of the fault; by default it lasts until all evidence is found. */
  minDurationS?: number
  /** Minimum time of normal load before the fault, for rules that compare with the past. */
  minHistoryS?: number
}

type Labels = Record<string, string>

export interface ExpectedAlert {
  name: string
  labels?: Labels
  /** Deadline from the onset of the fault until the alert fires. */
  firingWithinS: number
  /** Deadline from the end of the fault until the alert is resolved; `false` where its window is too long to wait for. */
  resolvedWithinS?: number | false
  /** Whether a notification must arrive; `false` where an inhibition may suppress it. */
  notified?: boolean
  /** Labels that the first row of the runbook's first query must have: they name the cause. */
  cause?: Labels | ((context: ScenarioContext) => Labels)
  /** Whether the alert fires in time only on a stack with shorter windows (`--shrink`). */
  requiresShrink?: boolean
}

export interface ExpectedSpan {
  service: string
  /** Tags as Jaeger returns them. One span must have all of them. */
  tags: Record<string, string>
  minDurationMs?: number
}

/** The ratio of bad requests over the shortest recorded window must exceed `above`. */
export interface ExpectedSli {
  sli: Sli
  service: string
  above: number
}

/** The deadlines of a hard failure. */
export const defaultDeadlines = { firingWithinS: 60, resolvedWithinS: 120 } as const

export const scenario = (one: Scenario): Scenario => one
