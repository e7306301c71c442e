import {
  type QueryRow,
  type RunbookQuery,
  readRunbook,
  runbookQueriesOf,
  runRunbookQuery,
} from '../observability/runbooks'
import type { Endpoints } from '../stack/endpoints'
import type { WatchedAlert } from './alert-watch'
import type { ScenarioContext } from './context'
import type { ExpectedAlert } from './contract'

/** What the queries of an alert's runbook return while the alert fires. Times in ms since the epoch. */
export interface RunbookCheck {
  expected: ExpectedAlert
  /** Labels that the first row of the first query must have; without them any row is enough. */
  cause?: Record<string, string> | undefined
  queries: CheckedQuery[]
  /** The first row of the first query's latest result. Fixed once it names the cause. */
  firstRow?: QueryRow
  causeNamedMs?: number
}

export interface CheckedQuery {
  query: RunbookQuery
  /** When it first returned a row. */
  firstResultMs?: number
  /** Why it failed the last time. */
  error?: string
}

type QueryEndpoints = Pick<Endpoints, 'prometheus' | 'loki'>

/** Deadline from firing until every query has returned rows, and the first one has named the cause. */
export const runbookDeadlineS = 60

/** One check for each runbook, in the order of the alerts. */
export function runbookChecksOf(expected: ExpectedAlert[], context: ScenarioContext): RunbookCheck[] {
  return expected
    .filter(({ name }, index) => expected.findIndex((one) => one.name === name) === index)
    .map((alert) => ({
      expected: alert,
      cause: typeof alert.cause === 'function' ? alert.cause(context) : alert.cause,
      queries: runbookQueriesOf(readRunbook(alert.name)).map((query) => ({ query })),
    }))
}

/**
 * Runs the queries that have no result yet, of the alerts that fire.
 * @param revertedMs end of the fault, where a server was down until then: the deadline of all but the first query starts there
 */
export async function checkRunbooks(
  checks: RunbookCheck[],
  watched: WatchedAlert[],
  endpoints: QueryEndpoints,
  revertedMs?: number,
): Promise<void> {
  await Promise.all(
    checks.map(async (check) => {
      const firingMs = firingMsOf(check, watched)
      if (firingMs === undefined) return
      const [first, ...others] = isTooLate(Math.max(firingMs, revertedMs ?? 0)) ? [] : check.queries
      await Promise.all([
        first && !isTooLate(firingMs) && runQuery(check, first, true, endpoints),
        ...others.map((query) => runQuery(check, query, false, endpoints)),
      ])
    }),
  )
}

export const firingMsOf = ({ expected }: RunbookCheck, watched: WatchedAlert[]): number | undefined =>
  watched.find((one) => one.expected === expected)?.firingMs

/** Whether the first query has named the cause; without a declared cause, whether it has returned a row. */
export const isCauseNamed = ({ cause, queries: [first], causeNamedMs }: RunbookCheck): boolean =>
  cause ? causeNamedMs !== undefined : !first || first.firstResultMs !== undefined

export const isRunbookComplete = (check: RunbookCheck): boolean =>
  isCauseNamed(check) && check.queries.every(({ firstResultMs }) => firstResultMs !== undefined)

/** One sentence for each query that failed, returned no rows, or did not name the cause. */
export function runbookProblems(check: RunbookCheck): string[] {
  const { expected, cause, queries, firstRow } = check
  const withoutRows = queries.filter(({ firstResultMs }) => firstResultMs === undefined)
  const isCauseMissing = queries[0]?.firstResultMs !== undefined && !isCauseNamed(check)
  return [
    ...withoutRows.map(({ query, error }) =>
      error
        ? `a query of the runbook ${expected.name} fails: ${onOneLine(query.text)} (${error})`
        : `a query of the runbook ${expected.name} returned no rows within ${runbookDeadlineS} s: ${onOneLine(query.text)}`,
    ),
    ...(isCauseMissing
      ? [
          `the first query of the runbook ${expected.name} did not name ${labelsText(cause)} within ${runbookDeadlineS} s; it returned ${firstRow ? rowText(firstRow) : 'nothing'}`,
        ]
      : []),
  ]
}

/** `{service_name="frontend"} 12`, as Prometheus formats it. */
export const rowText = ({ labels, text }: QueryRow): string => `${labelsText(labels)} ${text}`

const labelsText = (labels: Record<string, string> = {}): string =>
  `{${Object.entries(labels)
    .map(([key, value]) => `${key}="${value}"`)
    .join(', ')}}`

const onOneLine = (query: string): string => query.replace(/\s+/g, ' ')

async function runQuery(
  check: RunbookCheck,
  checked: CheckedQuery,
  isFirst: boolean,
  endpoints: QueryEndpoints,
): Promise<void> {
  if (isFirst ? isCauseNamed(check) : checked.firstResultMs !== undefined) return
  try {
    const [firstRow] = await runRunbookQuery(checked.query, endpoints)
    delete checked.error
    if (!firstRow) return
    checked.firstResultMs ??= Date.now()
    if (!isFirst) return
    check.firstRow = firstRow
    if (check.cause && hasLabels(firstRow, check.cause)) check.causeNamedMs ??= Date.now()
  } catch (error) {
    checked.error = (error as Error).message
  }
}

const hasLabels = ({ labels }: QueryRow, expected: Record<string, string>): boolean =>
  Object.entries(expected).every(([key, value]) => labels[key] === value)

const isTooLate = (fromMs: number): boolean => Date.now() - fromMs > runbookDeadlineS * 1000
