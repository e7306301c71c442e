import type { NotableRequest } from '../notable-request.ts'
import type { ThresholdResult } from './summary.ts'

/** The failed thresholds, each without the requests that an earlier one already lists: one request often fails several. */
export function omitRepeated(thresholds: ThresholdResult[]): ThresholdResult[] {
  const listed = new Set<NotableRequest | string>()
  return thresholds
    .filter(({ ok }) => !ok)
    .map((one) => ({ ...one, failed: one.failed.filter(isNew), slowest: one.slowest.filter(isNew) }))

  function isNew(request: NotableRequest): boolean {
    const key = request.trace_id || request
    const isFirst = !listed.has(key)
    listed.add(key)
    return isFirst
  }
}
