import { budget } from '../observability/slo'
import { t } from '../src/typography'
import { titleOf, type Watched } from './alert-watch'
import type { Books } from './books'
import type { Scenario } from './contract'
import { type Evidence, lacking } from './evidence'
import type { Experience } from './load'
import { firingOf, type Reading, rowText, unread } from './reading'

/** All that is known of one scenario that was played. Times in ms since the epoch. */
export interface Course {
  scenario: Scenario
  onsetMs: number
  endMs: number
  watched: Watched[]
  /** Alerts that fired beside the expected ones. */
  besides: string[]
  evidence: Evidence
  /** What the runbooks of the expected alerts answered. */
  readings: Reading[]
  /** What shoppers met while it lasted. */
  experience: Experience
  books?: Books | undefined
  /** What somebody said who did not know what is broken. */
  answer?: string | undefined
  /** What kept it from being played to its end. */
  errors: string[]
}

/** Seconds from the onset, and for the last from the end. */
export interface AlertSeen {
  /** Whether it fired before, of something else. */
  already: boolean
  pending_s: number | null
  firing_s: number | null
  told_s: number | null
  cleared_s: number | null
}

/** What its runbook said to who opened it. */
export interface RunbookSeen {
  queries: number
  answered: number
  /** From firing until the first query named the cause; null where nothing is declared, or it did not. */
  named_s: number | null
  /** The first row of the first query. */
  first: string | null
}

/** Of one scenario, as `--json` says it. */
export interface Verdict {
  scenario: string
  ok: boolean
  firing_s: number | null
  cleared_s: number | null
  seen: {
    alerts: Record<string, AlertSeen>
    /** By the name of the alert. */
    runbook: Record<string, RunbookSeen>
    besides: string[]
    trace: string | null
    first_bad_trace_s: number | null
    line: string | null
    sli: number | null
    requests: number
    failed: number
  }
  books: Books | null
  /** In French; empty when all was seen. */
  missing: string[]
}

export function verdictOf(course: Course): Verdict {
  const { scenario, onsetMs, endMs, watched, evidence, readings, experience, books, besides } = course
  const missing = missingOf(course)
  const [first] = watched
  return {
    scenario: scenario.name,
    ok: missing.length === 0,
    firing_s: seconds(onsetMs, first?.firingMs),
    cleared_s: seconds(endMs, first?.clearedMs),
    seen: {
      alerts: Object.fromEntries(
        watched.map(({ expected, already = false, pendingMs, firingMs, toldMs, clearedMs }) => [
          titleOf(expected),
          {
            already,
            pending_s: seconds(onsetMs, pendingMs),
            firing_s: seconds(onsetMs, firingMs),
            told_s: seconds(onsetMs, toldMs),
            cleared_s: seconds(endMs, clearedMs),
          },
        ]),
      ),
      runbook: Object.fromEntries(readings.map((one) => [one.expected.name, runbookSeen(one, watched)])),
      besides,
      trace: evidence.trace?.id ?? null,
      first_bad_trace_s: seconds(onsetMs, evidence.trace?.atMs),
      line: evidence.line?.text ?? null,
      sli: evidence.sli ?? null,
      ...experience,
    },
    books: books ?? null,
    missing,
  }
}

function runbookSeen(reading: Reading, watched: Watched[]): RunbookSeen {
  const { queries, top, namedMs } = reading
  return {
    queries: queries.length,
    answered: queries.filter(({ answeredMs }) => answeredMs !== undefined).length,
    named_s: seconds(firingOf(reading, watched) ?? 0, namedMs),
    first: top ? rowText(top) : null,
  }
}

function missingOf(course: Course): string[] {
  const { scenario, onsetMs, endMs, watched, evidence, readings, experience, books, errors } = course
  return [
    ...errors,
    ...(isCutShort(course)
      ? []
      : [
          ...watched.flatMap((one) => lateOf(one, onsetMs, endMs)),
          ...lacking(scenario, evidence),
          // That an alert did not fire is said once.
          ...readings.filter((one) => firingOf(one, watched) !== undefined).flatMap(unread),
        ]),
    ...(scenario.unnoticed && experience.failed / experience.requests > budget('errors')
      ? [t`${experience.failed} demandes de clients sur ${experience.requests} ont échoué, ils ne devaient rien voir`]
      : []),
    ...(books ? wrongIn(books) : ['les comptes n’ont pas pu être faits']),
  ]
}

// Who guesses early ends it before all of it could be seen: that is no fault of the alerts.
function isCutShort({ answer, onsetMs, endMs, watched }: Course): boolean {
  const neededMs = 1000 * Math.max(0, ...watched.map(({ expected }) => expected.withinS))
  return answer !== undefined && endMs - onsetMs < neededMs
}

function lateOf({ expected, firingMs, toldMs, clearedMs }: Watched, onsetMs: number, endMs: number): string[] {
  const { withinS, clearedWithinS = 120, told = true } = expected
  const name = titleOf(expected)
  const firing = seconds(onsetMs, firingMs)
  const cleared = seconds(endMs, clearedMs)
  if (firing === null) return [t`${name} ne s'est pas déclenchée (attendue en ${withinS} s)`]
  return [
    firing > withinS && t`${name} s'est déclenchée après ${firing} s, pas en ${withinS} s`,
    told && toldMs === undefined && t`${name} n'a été notifiée à personne`,
    clearedWithinS !== false &&
      (cleared === null || cleared > clearedWithinS) &&
      t`${name} n'était pas finie ${clearedWithinS} s après la fin (${cleared ?? 'jamais vue finie'})`,
  ].filter((text): text is string => typeof text === 'string')
}

function wrongIn({ lost, doubled, unsettled, adrift }: Books): string[] {
  return [
    lost > 0 && `${lost} commandes confirmées à leurs clients manquent dans la base`,
    doubled > 0 && `${doubled} commandes sont en double, ou là malgré un refus`,
    unsettled > 0 && `${unsettled} commandes ne sont pas réglées`,
    adrift > 0 && `le stock diffère des commandes de ${adrift} pièces`,
  ].filter((text): text is string => typeof text === 'string')
}

/** One decimal; nothing where it was not. */
export const seconds = (fromMs: number, toMs: number | undefined): number | null =>
  toMs === undefined ? null : Math.round((toMs - fromMs) / 100) / 10
