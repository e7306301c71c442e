import { errorBudget } from '../observability/slo'
import { alertTitle, type WatchedAlert } from './alert-watch'
import type { AuditResult } from './audit'
import type { Scenario } from './contract'
import { type Evidence, missingEvidence } from './evidence'
import type { RequestCounts } from './load'
import { firingMsOf, type RunbookCheck, rowText, runbookProblems } from './runbook-check'

/** Everything that was observed of one run of a scenario. Times in ms since the epoch. */
export interface ScenarioRun {
  scenario: Scenario
  onsetMs: number
  endMs: number
  watched: WatchedAlert[]
  /** Alerts that fired without being expected. */
  otherAlerts: string[]
  evidence: Evidence
  runbookChecks: RunbookCheck[]
  /** The shoppers' requests during the fault. */
  shopperRequests: RequestCounts
  audit?: AuditResult | undefined
  /** What the user guessed in a blind run. */
  guess?: string | undefined
  /** Why the run could not be completed. */
  errors: string[]
}

/** Seconds from the onset; `resolved_s` from the end of the fault. */
export interface AlertResult {
  /** Whether it was already active before the onset, for another reason. */
  fired_before: boolean
  pending_s: number | null
  firing_s: number | null
  notified_s: number | null
  resolved_s: number | null
}

export interface RunbookResult {
  queries: number
  /** Queries that returned rows. */
  with_rows: number
  /** From firing until the first query named the cause; `null` without a declared cause, or if it did not. */
  cause_named_s: number | null
  /** The first row of the first query. */
  first: string | null
}

/** The result of one scenario, as `--json` prints it. */
export interface Verdict {
  scenario: string
  ok: boolean
  firing_s: number | null
  resolved_s: number | null
  seen: {
    alerts: Record<string, AlertResult>
    /** By the name of the alert. */
    runbook: Record<string, RunbookResult>
    other_alerts: string[]
    trace: string | null
    first_bad_trace_s: number | null
    line: string | null
    sli: number | null
    requests: number
    failed: number
  }
  audit: AuditResult | null
  /** One sentence for each expectation that was not met. */
  missing: string[]
}

export function verdictOf(run: ScenarioRun): Verdict {
  const { scenario, onsetMs, endMs, watched, evidence, runbookChecks, shopperRequests, audit, otherAlerts } = run
  const missing = missingOf(run)
  const [first] = watched
  return {
    scenario: scenario.name,
    ok: missing.length === 0,
    firing_s: secondsBetween(onsetMs, first?.firingMs),
    resolved_s: secondsBetween(endMs, first?.resolvedMs),
    seen: {
      alerts: Object.fromEntries(
        watched.map(({ expected, firedBefore = false, pendingMs, firingMs, notifiedMs, resolvedMs }) => [
          alertTitle(expected),
          {
            fired_before: firedBefore,
            pending_s: secondsBetween(onsetMs, pendingMs),
            firing_s: secondsBetween(onsetMs, firingMs),
            notified_s: secondsBetween(onsetMs, notifiedMs),
            resolved_s: secondsBetween(endMs, resolvedMs),
          },
        ]),
      ),
      runbook: Object.fromEntries(runbookChecks.map((check) => [check.expected.name, runbookResultOf(check, watched)])),
      other_alerts: otherAlerts,
      trace: evidence.trace?.id ?? null,
      first_bad_trace_s: secondsBetween(onsetMs, evidence.trace?.atMs),
      line: evidence.line?.text ?? null,
      sli: evidence.sli ?? null,
      ...shopperRequests,
    },
    audit: audit ?? null,
    missing,
  }
}

function runbookResultOf(check: RunbookCheck, watched: WatchedAlert[]): RunbookResult {
  const { queries, firstRow, causeNamedMs } = check
  return {
    queries: queries.length,
    with_rows: queries.filter(({ firstResultMs }) => firstResultMs !== undefined).length,
    cause_named_s: secondsBetween(firingMsOf(check, watched) ?? 0, causeNamedMs),
    first: firstRow ? rowText(firstRow) : null,
  }
}

function missingOf(run: ScenarioRun): string[] {
  const { scenario, onsetMs, endMs, watched, evidence, runbookChecks, shopperRequests, audit, errors } = run
  const { requests, failed } = shopperRequests
  return [
    ...errors,
    ...(wasGuessedEarly(run)
      ? []
      : [
          ...watched.flatMap((alert) => alertProblems(alert, onsetMs, endMs)),
          ...missingEvidence(scenario, evidence),
          // The runbook of an alert that did not fire is no second problem.
          ...runbookChecks.filter((check) => firingMsOf(check, watched) !== undefined).flatMap(runbookProblems),
        ]),
    ...(scenario.shoppersUnaffected && failed / requests > errorBudget('errors')
      ? [`${failed} of ${requests} shopper requests failed, although shoppers must not be affected`]
      : []),
    ...(audit ? auditProblems(audit) : ['the audit could not be done']),
  ]
}

// An early guess ends the fault before all evidence can be found, which is no fault of the alerts.
function wasGuessedEarly({ guess, onsetMs, endMs, watched }: ScenarioRun): boolean {
  const neededMs = 1000 * Math.max(0, ...watched.map(({ expected }) => expected.firingWithinS))
  return guess !== undefined && endMs - onsetMs < neededMs
}

function alertProblems(
  { expected, firingMs, notifiedMs, resolvedMs }: WatchedAlert,
  onsetMs: number,
  endMs: number,
): string[] {
  const { firingWithinS, resolvedWithinS = 120, notified = true } = expected
  const name = alertTitle(expected)
  const firingS = secondsBetween(onsetMs, firingMs)
  const resolvedS = secondsBetween(endMs, resolvedMs)
  if (firingS === null) return [`${name} did not fire within ${firingWithinS} s`]
  return [
    firingS > firingWithinS && `${name} fired after ${firingS} s, not within ${firingWithinS} s`,
    notified && notifiedMs === undefined && `no notification of ${name} arrived`,
    resolvedWithinS !== false &&
      (resolvedS === null || resolvedS > resolvedWithinS) &&
      `${name} was not resolved within ${resolvedWithinS} s of the end (${resolvedS === null ? 'never' : `after ${resolvedS} s`})`,
  ].filter((text): text is string => typeof text === 'string')
}

function auditProblems({ lost, doubled, unsettled, miscounted }: AuditResult): string[] {
  return [
    lost > 0 && `${lost} orders that were confirmed to shoppers are missing in the database`,
    doubled > 0 && `${doubled} orders exist twice, or in spite of a refusal`,
    unsettled > 0 && `${unsettled} orders are not settled`,
    miscounted > 0 && `the stock differs from the orders by ${miscounted} pieces`,
  ].filter((text): text is string => typeof text === 'string')
}

/** One decimal; `null` if the event did not happen. */
export const secondsBetween = (fromMs: number, toMs: number | undefined): number | null =>
  toMs === undefined ? null : Math.round((toMs - fromMs) / 100) / 10
