import type { Endpoints } from './endpoints'

/** A line of a log: as the log server found it, and the LogQL that finds it. */
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

/** Where a browser shows what the stack stores. Every printed link is made here. */
export interface StackLinks {
  trace(id: string): string
  /** The lines around this one. */
  logs(line: LogMatch, range: TimeRange): string
  /** A PromQL expression as a curve. */
  graph(expr: string, range: TimeRange): string
}

type Servers = Pick<Endpoints, 'isNative' | 'collector' | 'console' | 'jaeger' | 'prometheus' | 'loki' | 'grafana'>

/**
 * The console where one runs; else Jaeger's, Grafana's and Prometheus' own pages. A server that is built from its Go module
 * has no pages: then the link leads to its API, which a browser shows as JSON.
 */
export async function createStackLinks(servers: Servers): Promise<StackLinks> {
  const { isNative, jaeger, prometheus, loki } = servers
  const [console, grafana, hasCurves] = await Promise.all([
    findConsole(servers),
    isNative ? undefined : opens(`${servers.grafana}/api/health`).then((ok) => (ok ? servers.grafana : undefined)),
    opens(`${prometheus}/query`),
  ])
  return {
    trace(id) {
      if (console) return `${console}/traces/${id}`
      return isNative ? `${jaeger}/api/traces/${id}` : `${jaeger}/trace/${id}`
    },
    logs(line, range) {
      if (console) return consoleLines(console, line)
      return grafana ? exploredLines(grafana, line.query, range) : lokiLines(loki, line.query, range)
    },
    graph: (expr, range) => (hasCurves ? graph(prometheus, expr, range) : series(prometheus, expr, range)),
  }
}

// Beside a native collector stands the console that it sends to; with nothing but `bun run dev`, the console is the receiver.
async function findConsole({ isNative, collector, console }: Servers): Promise<string | undefined> {
  const candidates = isNative ? [console] : [collector]
  const found = await Promise.all(candidates.map(isConsole))
  return candidates.find((_url, index) => found[index])
}

const isConsole = (url: string): Promise<boolean> =>
  fetch(`${url}/ready`, { signal: AbortSignal.timeout(1000) })
    .then((response) => response.json() as Promise<{ console?: string }>)
    .then(({ console }) => console === 'vitrine')
    .catch(() => false)

const opens = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(1000) }).then(
    ({ ok }) => ok,
    () => false,
  )

const consoleLines = (console: string, { traceId, service, text }: LogMatch): string =>
  `${console}/logs?${new URLSearchParams(traceId ? { trace: traceId } : { service, q: `"${text.replaceAll('"', '')}"` })}`

/** @see https://grafana.com/docs/grafana/latest/explore/ */
function exploredLines(grafana: string, expr: string, { fromMs, toMs }: TimeRange): string {
  const datasource = { type: 'loki', uid: 'loki' }
  const pane = {
    datasource: datasource.uid,
    queries: [{ refId: 'A', expr, datasource }],
    range: { from: String(fromMs), to: String(toMs) },
  }
  return `${grafana}/explore?${new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify({ a: pane }), orgId: '1' })}`
}

/** @see https://grafana.com/docs/loki/latest/reference/loki-http-api/ */
function lokiLines(loki: string, query: string, { fromMs, toMs }: TimeRange): string {
  const search = { query, start: `${fromMs}000000`, end: `${toMs}000000`, limit: '20', direction: 'forward' }
  return `${loki}/loki/api/v1/query_range?${new URLSearchParams(search)}`
}

function graph(prometheus: string, expr: string, { fromMs, toMs }: TimeRange): string {
  const search = {
    'g0.expr': expr,
    'g0.tab': 'graph',
    'g0.range_input': `${Math.ceil((toMs - fromMs) / 60_000)}m`,
    'g0.end_input': new Date(toMs).toISOString(),
  }
  return `${prometheus}/query?${new URLSearchParams(search)}`
}

/** @see https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries */
function series(prometheus: string, query: string, { fromMs, toMs }: TimeRange): string {
  const search = { query, start: String(fromMs / 1000), end: String(toMs / 1000), step: '5s' }
  return `${prometheus}/api/v1/query_range?${new URLSearchParams(search)}`
}
