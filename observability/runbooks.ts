import { existsSync, readFileSync } from 'node:fs'
import { queryLines, queryLogMetric } from '../stack/clients/loki'
import { queryPrometheus, type Sample } from '../stack/clients/prometheus'

/** A fenced block of a runbook: what who was called pastes into Prometheus, the log server or Grafana. */
export interface RunbookQuery {
  kind: 'promql' | 'logql'
  text: string
}

/** A row of an answer: a series with its value, or a line of a log. */
export interface QueryRow {
  labels: Record<string, string>
  text: string
}

const folder = `${import.meta.dir}/../docs/runbooks`
const fence = /^```(promql|logql)\n(.*?)\n```$/gms
const mostLines = 20

/** The page of an alert, empty where it has none. */
export function readRunbook(alert: string): string {
  const path = `${folder}/${alert}.md`
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** In their order: the first one is to name the cause. */
export const runbookQueriesOf = (page: string): RunbookQuery[] =>
  [...page.matchAll(fence)].map(([, kind, text = '']) => ({ kind: kind as RunbookQuery['kind'], text }))

/** What it answers at this moment. @throws Error with what the server said, where it refuses the query or is away */
export async function runRunbookQuery(
  { kind, text }: RunbookQuery,
  { prometheus, loki }: { prometheus: string; loki: string },
): Promise<QueryRow[]> {
  if (kind === 'promql') return (await queryPrometheus(prometheus, text)).map(rowOf)
  if (!text.trimStart().startsWith('{')) return (await queryLogMetric(loki, text)).map(rowOf)
  return (await queryLines(loki, text, mostLines)).map(({ labels, line }) => ({ labels, text: line }))
}

const rowOf = ({ labels, value }: Sample): QueryRow => ({ labels, text: String(Number(value.toPrecision(4))) })
