import type { TraceFilter } from './find-traces'

// SQLite takes no longer patterns.
const mostCharacters = 1000

/** The filter that an address asks for; what makes no sense in it is as good as not there. */
export function parseTraceFilter(query: Record<string, string>): TraceFilter {
  const { service, route, status, q } = query
  return {
    ...(service && { service }),
    ...(route && { route }),
    ...(status === 'error' && { onlyErrors: true }),
    ...number(query, 'min', 'minDurationMs'),
    ...(q?.trim() && { text: q.trim().slice(0, mostCharacters) }),
    ...number(query, 'from', 'fromUs'),
    ...number(query, 'to', 'toUs'),
    ...number(query, 'before', 'beforeId'),
  }
}

function number<Name extends string>(query: Record<string, string>, from: string, name: Name) {
  const value = Number(query[from])
  return (value > 0 && Number.isFinite(value) ? { [name]: value } : {}) as { [key in Name]?: number }
}
