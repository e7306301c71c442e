import { errorBudget } from '../observability/slo'
import { t } from '../src/typography'
import { alertTitle, type WatchedAlert } from './alert-watch'
import type { AuditResult } from './audit'
import type { Scenario } from './contract'
import { type Evidence, missingEvidence } from './evidence'
import type { RequestCounts } from './load'
import { firingMsOf, type RunbookCheck, rowText, runbookProblems } from './runbook-check'

/** All that is known of one scenario that was played. Times in ms since the epoch. */
export interface ScenarioRun {
  scenario: Scenario
  onsetMs: number
  endMs: number
  watched: WatchedAlert[]
  /** Alerts that fired beside the expected ones. */
  otherAlerts: string[]
  evidence: Evidence
  /** What the runbooks of the expected alerts answered. */
  runbookChecks: RunbookCheck[]
  /** What shoppers met while it lasted. */
  shopperRequests: RequestCounts
  audit?: AuditResult | undefined
  /** What somebody said who did not know what is broken. */
  guess?: string | undefined
  /** What kept it from being played to its end. */
  errors: string[]
}

/** Seconds from the onset, and for the last from the end. */
export interface AlertResult {
  /** Whether it fired before, of something else. */
  fired_before: boolean
  pending_s: number | null
  firing_s: number | null
  notified_s: number | null
  resolved_s: number | null
}

/** What its runbook said to who opened it. */
export interface RunbookResult {
  queries: number
  answered: number
  /** From firing until the first query named the cause; null where nothing is declared, or it did not. */
  cause_named_s: number | null
  /** The first row of the first query. */
  first: string | null
}

/** Of one scenario, as `--json` says it. */
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
  /** In French; empty when all was seen. */
  missing: string[]
}

export function verdictOf(course: ScenarioRun): Verdict {
  const { scenario, onsetMs, endMs, watched, evidence, runbookChecks, shopperRequests, audit, otherAlerts } = course
  const missing = missingOf(course)
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
      runbook: Object.fromEntries(runbookChecks.map((one) => [one.expected.name, runbookSeen(one, watched)])),
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

function runbookSeen(reading: RunbookCheck, watched: WatchedAlert[]): RunbookResult {
  const { queries, firstRow, causeNamedMs } = reading
  return {
    queries: queries.length,
    answered: queries.filter(({ firstResultMs }) => firstResultMs !== undefined).length,
    cause_named_s: secondsBetween(firingMsOf(reading, watched) ?? 0, causeNamedMs),
    first: firstRow ? rowText(firstRow) : null,
  }
}

function missingOf(course: ScenarioRun): string[] {
  const { scenario, onsetMs, endMs, watched, evidence, runbookChecks, shopperRequests, audit, errors } = course
  return [
    ...errors,
    ...(isCutShort(course)
      ? []
      : [
          ...watched.flatMap((one) => lateOf(one, onsetMs, endMs)),
          ...missingEvidence(scenario, evidence),
          // That an alert did not fire is said once.
          ...runbookChecks.filter((one) => firingMsOf(one, watched) !== undefined).flatMap(runbookProblems),
        ]),
    ...(scenario.shoppersUnaffected && shopperRequests.failed / shopperRequests.requests > errorBudget('errors')
      ? [
          t`${shopperRequests.failed} demandes de clients sur ${shopperRequests.requests} ont échoué, ils ne devaient rien voir`,
        ]
      : []),
    ...(audit ? wrongIn(audit) : ['les comptes n’ont pas pu être faits']),
  ]
}

// Who guesses early ends it before all of it could be seen: that is no fault of the alerts.
function isCutShort({ guess, onsetMs, endMs, watched }: ScenarioRun): boolean {
  const neededMs = 1000 * Math.max(0, ...watched.map(({ expected }) => expected.firingWithinS))
  return guess !== undefined && endMs - onsetMs < neededMs
}

function lateOf(
  { expected, firingMs, notifiedMs, resolvedMs }: WatchedAlert,
  onsetMs: number,
  endMs: number,
): string[] {
  const { firingWithinS, resolvedWithinS = 120, notified = true } = expected
  const name = alertTitle(expected)
  const firing = secondsBetween(onsetMs, firingMs)
  const cleared = secondsBetween(endMs, resolvedMs)
  if (firing === null) return [t`${name} ne s'est pas déclenchée (attendue en ${firingWithinS} s)`]
  return [
    firing > firingWithinS && t`${name} s'est déclenchée après ${firing} s, pas en ${firingWithinS} s`,
    notified && notifiedMs === undefined && t`${name} n'a été notifiée à personne`,
    resolvedWithinS !== false &&
      (cleared === null || cleared > resolvedWithinS) &&
      t`${name} n'était pas finie ${resolvedWithinS} s après la fin (${cleared ?? 'jamais vue finie'})`,
  ].filter((text): text is string => typeof text === 'string')
}

function wrongIn({ lost, doubled, unsettled, miscounted }: AuditResult): string[] {
  return [
    lost > 0 && `${lost} commandes confirmées à leurs clients manquent dans la base`,
    doubled > 0 && `${doubled} commandes sont en double, ou là malgré un refus`,
    unsettled > 0 && `${unsettled} commandes ne sont pas réglées`,
    miscounted > 0 && `le stock diffère des commandes de ${miscounted} pièces`,
  ].filter((text): text is string => typeof text === 'string')
}

/** One decimal; nothing where it was not. */
export const secondsBetween = (fromMs: number, toMs: number | undefined): number | null =>
  toMs === undefined ? null : Math.round((toMs - fromMs) / 100) / 10
