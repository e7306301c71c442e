import type { LogFilter } from './find-logs'
import { isLevel } from './severity'

/** The filter that an address asks for; what makes no sense in it is as good as not there. */
export function parseLogFilter(query: Record<string, string>): LogFilter {
  const { service, severity, q, trace, before } = query
  return {
    ...(service && { service }),
    ...(isLevel(severity) && { minLevel: severity }),
    ...(q?.trim() && { text: q.trim().slice(0, 1000) }),
    ...(trace?.trim() && { traceId: trace.trim().toLowerCase() }),
    ...(Number.isSafeInteger(Number(before)) && Number(before) > 0 && { beforeId: Number(before) }),
  }
}
