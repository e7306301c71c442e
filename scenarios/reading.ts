import { queriesOf, type Row, type RunbookQuery, rowsOf, runbookPage } from '../observability/runbooks'
import { t } from '../src/typography'
import type { Endpoints } from '../stack/read-endpoints'
import type { Watched } from './alert-watch'
import type { ExpectedAlert } from './contract'
import type { World } from './world'

/** What somebody reads who was called by an alert and opens its runbook. Times in ms since the epoch. */
export interface Reading {
  expected: ExpectedAlert
  /** Labels that must stand in the first row of the first query; where nothing is declared, any row will do. */
  cause?: Record<string, string> | undefined
  queries: Asked[]
  /** The first row of the first query's answer: the one that named the cause, else the last that was seen. */
  top?: Row
  namedMs?: number
}

export interface Asked {
  query: RunbookQuery
  answeredMs?: number
  /** Why a server did not take it, the last time. */
  error?: string
}

/** From firing until every query has answered, and the first has named the cause. */
export const readWithinS = 60

/** One a runbook, in the order of the alerts. */
export function readingsOf(expected: ExpectedAlert[], world: World): Reading[] {
  return expected
    .filter(({ name }, index) => expected.findIndex((one) => one.name === name) === index)
    .map((alert) => ({
      expected: alert,
      cause: typeof alert.cause === 'function' ? alert.cause(world) : alert.cause,
      queries: queriesOf(runbookPage(alert.name)).map((query) => ({ query })),
    }))
}

/** Asks what has not answered yet of the runbooks whose alerts fire; `afterwardsMs`: all but the first, from then on: a store may be back. */
export async function read(
  readings: Reading[],
  watched: Watched[],
  places: Pick<Endpoints, 'prometheus' | 'loki'>,
  afterwardsMs?: number,
): Promise<void> {
  await Promise.all(
    readings.map(async (reading) => {
      const firingMs = firingOf(reading, watched)
      if (firingMs === undefined) return
      const [first, ...others] = isLate(Math.max(firingMs, afterwardsMs ?? 0)) ? [] : reading.queries
      await Promise.all([
        first && !isLate(firingMs) && ask(reading, first, true, places),
        ...others.map((asked) => ask(reading, asked, false, places)),
      ])
    }),
  )
}

export const firingOf = ({ expected }: Reading, watched: Watched[]): number | undefined =>
  watched.find((one) => one.expected === expected)?.firingMs

/** Whether the first query has named what it should; where nothing is declared, whether it has answered. */
export const isNamed = ({ cause, queries: [first], namedMs }: Reading): boolean =>
  cause ? namedMs !== undefined : !first || first.answeredMs !== undefined

export const isRead = (reading: Reading): boolean =>
  isNamed(reading) && reading.queries.every(({ answeredMs }) => answeredMs !== undefined)

/** What its runbook owes to who opened it, in words. */
export function unread(reading: Reading): string[] {
  const { expected, cause, queries, top } = reading
  const mute = queries.filter(({ answeredMs }) => answeredMs === undefined)
  const isCauseMissing = queries[0]?.answeredMs !== undefined && !isNamed(reading)
  return [
    ...mute.map(({ query, error }) =>
      error
        ? t`le runbook ${expected.name} a une requête qui échoue : ${inLine(query.text)} (${error})`
        : t`le runbook ${expected.name} a une requête sans réponse en ${readWithinS} s : ${inLine(query.text)}`,
    ),
    ...(isCauseMissing
      ? [
          t`la première requête du runbook ${expected.name} ne nomme pas ${labelsText(cause)} en ${readWithinS} s ; elle dit ${top ? rowText(top) : 'rien'}`,
        ]
      : []),
  ]
}

/** `{service_name="frontend"} 12`, as Prometheus writes it. */
export const rowText = ({ labels, text }: Row): string => `${labelsText(labels)} ${text}`

const labelsText = (labels: Record<string, string> = {}): string =>
  `{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value}"`)
    .join(', ')}}`

const inLine = (query: string): string => query.replace(/\s+/g, ' ')

async function ask(reading: Reading, asked: Asked, isFirst: boolean, places: Pick<Endpoints, 'prometheus' | 'loki'>) {
  if (isFirst ? isNamed(reading) : asked.answeredMs !== undefined) return
  try {
    const [top] = await rowsOf(asked.query, places)
    delete asked.error
    if (!top) return
    asked.answeredMs ??= Date.now()
    if (!isFirst) return
    reading.top = top
    if (reading.cause && names(top, reading.cause)) reading.namedMs ??= Date.now()
  } catch (error) {
    asked.error = (error as Error).message
  }
}

const names = ({ labels }: Row, cause: Record<string, string>): boolean =>
  Object.entries(cause).every(([key, value]) => labels[key] === value)

const isLate = (fromMs: number): boolean => Date.now() - fromMs > readWithinS * 1000
