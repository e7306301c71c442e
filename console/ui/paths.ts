/** All URL paths of the console. Every link is built from them. */
export const paths = {
  overview: '/',
  traces: '/traces',
  trace: '/traces/:id{[0-9a-fA-F]{32}}',
  traceMarkdown: '/traces/:file{[0-9a-f]{32}\\.md}',
  traceOtlp: '/traces/:file{[0-9a-f]{32}\\.json}',
  logs: '/logs',
  httpRequests: '/http-requests',
  metrics: '/metrics',
  queries: '/queries',
  map: '/map',
  errors: '/errors',
  alerts: '/alerts',
  cost: '/cost',
  runbooks: '/runbooks',
  runbook: '/runbooks/:name',
  events: '/events',
} as const

export const runbookLink = (name: string): string => `${paths.runbooks}/${encodeURIComponent(name)}`

export const traceLink = (traceId: string, spanId?: string): string =>
  `${paths.traces}/${traceId}${spanId ? `#s-${spanId}` : ''}`

/** A URL with the parameters that have a value. */
export function link(path: string, parameters: Record<string, string | number | boolean | undefined>): string {
  const entries = Object.entries(parameters).filter(
    ([, value]) => value !== undefined && value !== '' && value !== false,
  )
  const query = new URLSearchParams(entries.map(([name, value]): [string, string] => [name, String(value)])).toString()
  return query ? `${path}?${query}` : path
}
