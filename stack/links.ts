import { isResponding } from '../launch/program'
import { isConsole } from './clients/console'
import type { Endpoints } from './endpoints'

/** A log line that a query has found, with the LogQL query. */
export interface LogMatch {
  query: string
  service: string
  text: string
  traceId?: string | undefined
}

/** Milliseconds since the epoch. */
export interface TimeRange {
  fromMs: number
  toMs: number
}

/** Addresses of pages that show stored telemetry. All printed links come from here. */
export interface StackLinks {
  trace(id: string): string
  /** The lines around this one. */
  logs(line: LogMatch, range: TimeRange): string
  /** The graph of a PromQL expression. */
  graph(expr: string, range: TimeRange): string
}

type Servers = Pick<Endpoints, 'isNative' | 'collector' | 'console' | 'jaeger' | 'prometheus' | 'loki' | 'grafana'>

/**
 * Links lead to the console when one runs, otherwise to the pages of Jaeger, Grafana and Prometheus. A server built from its Go
 * module may have no pages; then links lead to its API, which a browser shows as JSON.
 */
export async function createStackLinks(servers: Servers): Promise<StackLinks> {
  const { isNative, jaeger, prometheus, loki } = servers
  const [console, grafana, hasPrometheusUi] = await Promise.all([
    findConsole(servers),
    isNative
      ? undefined
      : isResponding(`${servers.grafana}/api/health`).then((ok) => (ok ? servers.grafana : undefined)),
    isResponding(`${prometheus}/query`),
  ])
  return {
    trace(id) {
      if (console) return `${console}/traces/${id}`
      return isNative ? `${jaeger}/api/traces/${id}` : `${jaeger}/trace/${id}`
    },
    logs(line, range) {
      if (console) return consoleLogsUrl(console, line)
      return grafana ? exploreUrl(grafana, line.query, range) : lokiQueryUrl(loki, line.query, range)
    },
    graph: (expr, range) =>
      hasPrometheusUi ? graphUrl(prometheus, expr, range) : rangeQueryUrl(prometheus, expr, range),
  }
}

// The native collector forwards to the console. Without a stack, the console itself receives OTLP.
async function findConsole({ isNative, collector, console }: Servers): Promise<string | undefined> {
  const candidate = isNative ? console : collector
  return (await isConsole(candidate)) ? candidate : undefined
}

const consoleLogsUrl = (console: string, { traceId, service, text }: LogMatch): string =>
  `${console}/logs?${new URLSearchParams(traceId ? { trace: traceId } : { service, q: `"${text.replaceAll('"', '')}"` })}`

/** @see https://grafana.com/docs/grafana/latest/explore/ */
function exploreUrl(grafana: string, expr: string, { fromMs, toMs }: TimeRange): string {
  const datasource = { type: 'loki', uid: 'loki' }
  const pane = {
    datasource: datasource.uid,
    queries: [{ refId: 'A', expr, datasource }],
    range: { from: String(fromMs), to: String(toMs) },
  }
  return `${grafana}/explore?${new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify({ a: pane }), orgId: '1' })}`
}

/** @see https://grafana.com/docs/loki/latest/reference/loki-http-api/ */
function lokiQueryUrl(loki: string, query: string, { fromMs, toMs }: TimeRange): string {
  const search = { query, start: `${fromMs}000000`, end: `${toMs}000000`, limit: '20', direction: 'forward' }
  return `${loki}/loki/api/v1/query_range?${new URLSearchParams(search)}`
}

function graphUrl(prometheus: string, expr: string, { fromMs, toMs }: TimeRange): string {
  const search = {
    'g0.expr': expr,
    'g0.tab': 'graph',
    'g0.range_input': `${Math.ceil((toMs - fromMs) / 60_000)}m`,
    'g0.end_input': new Date(toMs).toISOString(),
  }
  return `${prometheus}/query?${new URLSearchParams(search)}`
}

/** @see https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries */
function rangeQueryUrl(prometheus: string, query: string, { fromMs, toMs }: TimeRange): string {
  const search = { query, start: String(fromMs / 1000), end: String(toMs / 1000), step: '5s' }
  return `${prometheus}/api/v1/query_range?${new URLSearchParams(search)}`
}
