import { isPrintable } from './print'
import type { Filter, LogQuery, Matcher, Metric, Request } from './query'

const maxTries = 500

/**
 * Removes logs and parts of the query as long as `isDifferent` returns true for the rest.
 */
export async function shrink<T>(
  logs: T[],
  request: Request,
  isDifferent: (logs: T[], request: Request) => Promise<boolean>,
): Promise<{ logs: T[]; request: Request }> {
  let tries = 0
  let current = { logs, request }
  let isSmaller = true
  while (isSmaller && tries < maxTries) {
    isSmaller = (await replaceLogs()) || (await replaceRequest())
  }
  return current

  async function replaceLogs(): Promise<boolean> {
    for (let size = Math.ceil(current.logs.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = 0; from < current.logs.length; from += size) {
        const fewer = [...current.logs.slice(0, from), ...current.logs.slice(from + size)]
        if (await replace({ ...current, logs: fewer })) return true
      }
    }
    return false
  }

  async function replaceRequest(): Promise<boolean> {
    for (const simpler of simplerRequests(current.request))
      if (await replace({ ...current, request: simpler })) return true
    return false
  }

  async function replace(next: typeof current): Promise<boolean> {
    if (tries++ >= maxTries || !(await isDifferent(next.logs, next.request))) return false
    current = next
    return true
  }
}

function simplerRequests(request: Request): Request[] {
  if (request.kind === 'lines') {
    const queries = simplerQueries(request.query).map((query) => ({ ...request, query }))
    return [...queries, ...(request.isCategorized ? [{ ...request, isCategorized: false }] : [])]
  }
  const { top, metric } = request.query
  const queries = simplerMetrics(metric).map((simpler) => ({ top, metric: simpler }))
  if (top !== undefined) queries.push({ top: undefined, metric })
  const simpler: Request[] = queries.map((query) => ({ ...request, query }))
  if (request.kind === 'matrix' && request.endS > request.startS)
    simpler.push({ ...request, endS: request.startS }, { ...request, endS: request.endS - request.stepS })
  return simpler
}

function simplerMetrics(metric: Metric): Metric[] {
  if (metric.kind === 'range') return simplerQueries(metric.query).map((query) => ({ ...metric, query }))
  const inner = simplerMetrics(metric.of).map((of): Metric => ({ ...metric, of }))
  return [metric.of, ...(metric.by ? [{ ...metric, by: undefined }] : []), ...inner]
}

function simplerQueries({ selector, stages }: LogQuery): LogQuery[] {
  const fewerMatchers = selector
    .map((_, index) => selector.toSpliced(index, 1))
    .filter((rest) => rest.some(isSelective))
  const simplerStages = stages.flatMap((stage, index) =>
    stage.kind === 'filter'
      ? simplerFilters(stage.filter).map((filter) => stages.with(index, { kind: 'filter', filter }))
      : [],
  )
  const simpler = [
    ...stages.map((_, index) => ({ selector, stages: stages.toSpliced(index, 1) })),
    ...fewerMatchers.map((fewer) => ({ selector: fewer, stages })),
    ...simplerStages.map((changed) => ({ selector, stages: changed })),
  ]
  return simpler.filter(isPrintable)
}

const simplerFilters = (filter: Filter): Filter[] =>
  filter.kind === 'and' || filter.kind === 'or' ? [filter.left, filter.right] : []

/** Whether a matcher does not match the empty value. Each selector needs one. */
function isSelective(matcher: Matcher): boolean {
  if (matcher.op === '=') return matcher.value !== ''
  return matcher.op === '=~' && !new RegExp(`^(?:${matcher.pattern.source})$`).test('')
}
