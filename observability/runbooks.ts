import { existsSync, readFileSync } from 'node:fs'
import { queryLines, queryLogMetric } from '../stack/clients/loki'
import { queryPrometheus, type Sample } from '../stack/clients/prometheus'
import { stackEndpoints } from '../stack/endpoints'

/** The console serves the runbooks here when a native stack runs. */
export const defaultRunbookBaseUrl = `${stackEndpoints().console}/runbooks`

/** The address of an alert's runbook. `baseUrl` is `RUNBOOK_BASE_URL`, by default the console. */
export const runbookUrl = ({ name }: { name: string }, baseUrl = defaultRunbookBaseUrl): string =>
  `${baseUrl.replace(/\/*$/, '/')}${name}`

/** A fenced query of a runbook, for Prometheus or the log server. */
export interface RunbookQuery {
  kind: 'promql' | 'logql'
  text: string
}

/** A row of a result: a series with its value, or a log line. */
export interface QueryRow {
  labels: Record<string, string>
  text: string
}

const folder = `${import.meta.dir}/../docs/runbooks`
const fence = /^```(promql|logql)\n(.*?)\n```$/gms
const maxLines = 20

/** The runbook of an alert as Markdown; empty without one. */
export function readRunbook(alert: string): string {
  const path = `${folder}/${alert}.md`
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** The queries of a runbook in their order. The first one names the cause. */
export const runbookQueriesOf = (page: string): RunbookQuery[] =>
  [...page.matchAll(fence)].map(([, kind, text = '']) => ({ kind: kind as RunbookQuery['kind'], text }))

/** Runs a query now. @throws Error when the server is unreachable or rejects the query, with its message */
export async function runRunbookQuery(
  { kind, text }: RunbookQuery,
  { prometheus, loki }: { prometheus: string; loki: string },
): Promise<QueryRow[]> {
  if (kind === 'promql') return (await queryPrometheus(prometheus, text)).map(rowOf)
  if (!text.trimStart().startsWith('{')) return (await queryLogMetric(loki, text)).map(rowOf)
  return (await queryLines(loki, text, maxLines)).map(({ labels, line }) => ({ labels, text: line }))
}

const rowOf = ({ labels, value }: Sample): QueryRow => ({ labels, text: String(Number(value.toPrecision(4))) })
