import type { Sli } from '../observability/slo'
import type { ScenarioContext } from './context'

/** Something that goes wrong on purpose: what is done, what operators must see of it, by when, and how it is put back. */
export interface Scenario {
  /** Of the file, and on the command line. */
  name: string
  /** One French sentence: what happens, and what shoppers notice. */
  title: string
  /** Why it cannot be played here, in French; nothing where it can. */
  skipReason?(world: ScenarioContext): Promise<string | undefined>
  /** What must be there before, and is no fault yet. */
  prepare?(world: ScenarioContext): Promise<void>
  inject(world: ScenarioContext): Promise<void> | void
  /** Called whatever happened. Afterwards what was killed runs, flags are off and shoppers come as usual: that is seen to. */
  revert?(world: ScenarioContext): Promise<void>
  /** All must fire. The first is the one that names the trouble: its times are `firing_s` and `resolved_s`. */
  alerts: [ExpectedAlert, ...ExpectedAlert[]]
  /** A span that shows it, with its trace. */
  span?: ExpectedSpan
  /** LogQL: a line that says it. */
  log?: string
  sli?: ExpectedSli
  /** Whether span and line are found only when it is over: what waited arrives. */
  evidenceAfterRevert?: boolean
  /** Whether shoppers notice nothing: no more of their requests fail than the objective allows. */
  shoppersUnaffected?: boolean
  /** How long it lasts at least; by default until all was seen. */
  minDurationS?: number
  /** How long the shop must have been used as usual before, for rules that compare with what is usual. */
  minHistoryS?: number
}

type Labels = Record<string, string>

export interface ExpectedAlert {
  name: string
  labels?: Labels
  /** From the onset until it fires. */
  firingWithinS: number
  /** From the end until it is over; false where its window makes it last longer than anybody waits. */
  resolvedWithinS?: number | false
  /** Whether somebody is told of it; false where an inhibition may hold it back. */
  notified?: boolean
  /** Labels that must stand in the first row of its runbook's first query: what an operator takes the cause from. */
  cause?: Labels | ((world: ScenarioContext) => Labels)
  /** Whether it fires in time on a stack with shorter windows only (`--shrink`). */
  requiresShrink?: boolean
}

export interface ExpectedSpan {
  service: string
  /** All of them on one span, as Jaeger shows them. */
  tags: Record<string, string>
  minDurationMs?: number
}

/** That an indicator's share of bad requests, over the shortest recorded window, was above this. */
export interface ExpectedSli {
  sli: Sli
  service: string
  above: number
}

/** A hard failure is known within a minute, and over within two. */
export const defaultDeadlines = { firingWithinS: 60, resolvedWithinS: 120 } as const

export const scenario = (one: Scenario): Scenario => one
