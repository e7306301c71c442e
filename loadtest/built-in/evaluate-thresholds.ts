import type { EngineResult } from '../report/summary.ts'
import type { Threshold } from '../thresholds.ts'
import type { Metrics } from './metrics'

const form = /^(p\([\d.]+\)|med|max|count|rate)\s*(<=|>=|==|<|>)\s*([\d.]+)$/
const comparisons: Record<string, (value: number, limit: number) => boolean> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '==': (value, limit) => value === limit,
}

/** Whether a condition such as `p(95)<300` holds. Without samples it holds, as in k6. @throws Error for an unknown form */
export function thresholdHolds(condition: string, metrics: Metrics, name: string): boolean {
  const [, aggregate = '', operator = '', limit] = form.exec(condition) ?? []
  const compare = comparisons[operator]
  if (!compare)
    throw new Error(`the threshold ${name} ${condition} is not of the form p(95)<300, rate>0.99 or count<=3`)
  const metric = metrics.find(name)
  if (!metric || metric.isEmpty()) return true
  const value = metric.value(aggregate)
  if (value === undefined) throw new Error(`the threshold ${name} ${condition}: ${name} has no ${aggregate}`)
  return compare(value, Number(limit))
}

type Thresholds = Record<string, Threshold[]>

/** Whether a threshold with `abortOnFail` fails, so that the run must end. @param elapsedS seconds since the run's start */
export function shouldAbort(thresholds: Thresholds, metrics: Metrics, elapsedS: number): boolean {
  return Object.entries(thresholds).some(([name, list]) =>
    list.some((one) => {
      if (typeof one === 'string' || elapsedS < Number.parseFloat(one.delayAbortEval)) return false
      return one.abortOnFail && !thresholdHolds(one.threshold, metrics, name)
    }),
  )
}

/** All metrics with the results of their thresholds, in the form that k6 passes to `handleSummary`. */
export function engineResultOf(thresholds: Thresholds, metrics: Metrics): EngineResult {
  const names = new Set([...metrics.names(), ...Object.keys(thresholds)])
  return {
    metrics: Object.fromEntries(
      [...names].map((name) => {
        const values = metrics.find(name)?.values() ?? {}
        const conditions = (thresholds[name] ?? []).map((one) => (typeof one === 'string' ? one : one.threshold))
        const results = conditions.map((one) => [one, { ok: thresholdHolds(one, metrics, name) }] as const)
        return [name, results.length > 0 ? { values, thresholds: Object.fromEntries(results) } : { values }]
      }),
    ),
  }
}
