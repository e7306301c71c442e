import { printLogQuery, printMetricQuery } from './print'
import type { Request } from './query'

/** Path and headers of the HTTP request to Loki's API. */
export function toHttpRequest(request: Request): { path: string; headers: Record<string, string> } {
  const path = request.kind === 'vector' ? 'query' : 'query_range'
  const headers: Record<string, string> =
    request.kind === 'lines' && request.isCategorized ? { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' } : {}
  return { path: `/loki/api/v1/${path}?${new URLSearchParams(parametersOf(request))}`, headers }
}

export function describeRequest(request: Request): string {
  const { query, ...rest } = parametersOf(request)
  const parameters = Object.entries(rest).map(([name, value]) => `${name}=${value}`)
  const header = request.kind === 'lines' && request.isCategorized ? ', categorize-labels' : ''
  return `${query}\n  (${request.kind}, ${parameters.join(', ')}${header})`
}

function parametersOf(request: Request): Record<string, string> {
  switch (request.kind) {
    case 'lines':
      return {
        query: printLogQuery(request.query),
        start: String(request.startNs),
        end: String(request.endNs),
        ...(request.limit !== undefined && { limit: String(request.limit) }),
        ...(request.direction && { direction: request.direction }),
      }
    case 'matrix':
      return {
        query: printMetricQuery(request.query),
        start: String(request.startS),
        end: String(request.endS),
        step: `${request.stepS}s`,
      }
    case 'vector':
      return { query: printMetricQuery(request.query), time: String(request.timeS) }
  }
}
