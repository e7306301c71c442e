import type { TraceFilter } from './find-traces'

// SQLite limits the length of LIKE patterns.
const maxTextLength = 1000

/** Parses the query parameters of the page. Invalid values are ignored. */
export function parseTraceFilter(query: Record<string, string>): TraceFilter {
  const { service, route, status, q } = query
  return {
    ...(service && { service }),
    ...(route && { route }),
    ...(status === 'error' && { onlyErrors: true }),
    ...positiveNumber(query, 'min', 'minDurationMs'),
    ...(q?.trim() && { text: q.trim().slice(0, maxTextLength) }),
    ...positiveNumber(query, 'from', 'fromUs'),
    ...positiveNumber(query, 'to', 'toUs'),
    ...positiveNumber(query, 'before', 'beforeId'),
  }
}

function positiveNumber<Name extends string>(query: Record<string, string>, from: string, name: Name) {
  const value = Number(query[from])
  return (value > 0 && Number.isFinite(value) ? { [name]: value } : {}) as { [key in Name]?: number }
}
