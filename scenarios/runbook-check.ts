import {
  type QueryRow,
  type RunbookQuery,
  readRunbook,
  runbookQueriesOf,
  runRunbookQuery,
} from '../observability/runbooks'
import { t } from '../src/typography'
import type { Endpoints } from '../stack/endpoints'
import type { WatchedAlert } from './alert-watch'
import type { ScenarioContext } from './context'
import type { ExpectedAlert } from './contract'

/** What somebody reads who was called by an alert and opens its runbook. Times in ms since the epoch. */
export interface RunbookCheck {
  expected: ExpectedAlert
  /** Labels that must stand in the first row of the first query; where nothing is declared, any row will do. */
  cause?: Record<string, string> | undefined
  queries: CheckedQuery[]
  /** The first row of the first query's answer: the one that named the cause, else the last that was seen. */
  firstRow?: QueryRow
  causeNamedMs?: number
}

export interface CheckedQuery {
  query: RunbookQuery
  firstResultMs?: number
  /** Why a server did not take it, the last time. */
  error?: string
}

/** From firing until every query has answered, and the first has named the cause. */
export const runbookDeadlineS = 60

/** One a runbook, in the order of the alerts. */
export function runbookChecksOf(expected: ExpectedAlert[], world: ScenarioContext): RunbookCheck[] {
  return expected
    .filter(({ name }, index) => expected.findIndex((one) => one.name === name) === index)
    .map((alert) => ({
      expected: alert,
      cause: typeof alert.cause === 'function' ? alert.cause(world) : alert.cause,
      queries: runbookQueriesOf(readRunbook(alert.name)).map((query) => ({ query })),
    }))
}

/** Asks what has not answered yet of the runbooks whose alerts fire; `afterwardsMs`: all but the first, from then on: a store may be back. */
export async function checkRunbooks(
  readings: RunbookCheck[],
  watched: WatchedAlert[],
  places: Pick<Endpoints, 'prometheus' | 'loki'>,
  afterwardsMs?: number,
): Promise<void> {
  await Promise.all(
    readings.map(async (reading) => {
      const firingMs = firingMsOf(reading, watched)
      if (firingMs === undefined) return
      const [first, ...others] = isLate(Math.max(firingMs, afterwardsMs ?? 0)) ? [] : reading.queries
      await Promise.all([
        first && !isLate(firingMs) && ask(reading, first, true, places),
        ...others.map((asked) => ask(reading, asked, false, places)),
      ])
    }),
  )
}

export const firingMsOf = ({ expected }: RunbookCheck, watched: WatchedAlert[]): number | undefined =>
  watched.find((one) => one.expected === expected)?.firingMs

/** Whether the first query has named what it should; where nothing is declared, whether it has answered. */
export const isCauseNamed = ({ cause, queries: [first], causeNamedMs }: RunbookCheck): boolean =>
  cause ? causeNamedMs !== undefined : !first || first.firstResultMs !== undefined

export const isRunbookComplete = (reading: RunbookCheck): boolean =>
  isCauseNamed(reading) && reading.queries.every(({ firstResultMs }) => firstResultMs !== undefined)

/** What its runbook owes to who opened it, in words. */
export function runbookProblems(reading: RunbookCheck): string[] {
  const { expected, cause, queries, firstRow } = reading
  const mute = queries.filter(({ firstResultMs }) => firstResultMs === undefined)
  const isCauseMissing = queries[0]?.firstResultMs !== undefined && !isCauseNamed(reading)
  return [
    ...mute.map(({ query, error }) =>
      error
        ? t`le runbook ${expected.name} a une requête qui échoue : ${inLine(query.text)} (${error})`
        : t`le runbook ${expected.name} a une requête sans réponse en ${runbookDeadlineS} s : ${inLine(query.text)}`,
    ),
    ...(isCauseMissing
      ? [
          t`la première requête du runbook ${expected.name} ne nomme pas ${labelsText(cause)} en ${runbookDeadlineS} s ; elle dit ${firstRow ? rowText(firstRow) : 'rien'}`,
        ]
      : []),
  ]
}

/** `{service_name="frontend"} 12`, as Prometheus writes it. */
export const rowText = ({ labels, text }: QueryRow): string => `${labelsText(labels)} ${text}`

const labelsText = (labels: Record<string, string> = {}): string =>
  `{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value}"`)
    .join(', ')}}`

const inLine = (query: string): string => query.replace(/\s+/g, ' ')

async function ask(
  reading: RunbookCheck,
  asked: CheckedQuery,
  isFirst: boolean,
  places: Pick<Endpoints, 'prometheus' | 'loki'>,
) {
  if (isFirst ? isCauseNamed(reading) : asked.firstResultMs !== undefined) return
  try {
    const [top] = await runRunbookQuery(asked.query, places)
    delete asked.error
    if (!top) return
    asked.firstResultMs ??= Date.now()
    if (!isFirst) return
    reading.firstRow = top
    if (reading.cause && names(top, reading.cause)) reading.causeNamedMs ??= Date.now()
  } catch (error) {
    asked.error = (error as Error).message
  }
}

const names = ({ labels }: QueryRow, cause: Record<string, string>): boolean =>
  Object.entries(cause).every(([key, value]) => labels[key] === value)

const isLate = (fromMs: number): boolean => Date.now() - fromMs > runbookDeadlineS * 1000
