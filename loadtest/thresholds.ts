import { errorBudget, latencyThresholdS, thresholds as objectiveLimits, objectives } from '../observability/slo.ts'
import { maxJourneys, type Settings, type Stair } from './shapes.ts'

export type Threshold = string | { threshold: string; abortOnFail: boolean; delayAbortEval: string }

/** The values of the tag `step`, which every request has. */
export const steps = [
  ...['home', 'products', 'product', 'add_to_cart', 'cart', 'change_quantity', 'pay', 'thank_you'],
  ...['orders', 'order', 'register_form', 'register', 'login_form', 'login', 'logout', 'mistake'],
] as const
export type Step = (typeof steps)[number]

/** Thresholds from the objectives of `observability/slo.ts`, for all requests and for each step. */
export function thresholdsOf(settings: Settings, stairs: Stair[]): Record<string, Threshold[]> {
  if (stairs.length > 0) return ofStairs(settings, stairs)
  const tags = ['phase:load', ...steps.map((step) => `step:${step}`)]
  return Object.fromEntries([
    ...tags.flatMap((tag) =>
      Object.entries(limits(settings)).map(([metric, limit]) => [`${metric}{${tag}}`, limit] as const),
    ),
    ['checks{phase:load}', [`rate>${objectives.errors.target}`]],
    // Every mistake must get its expected status.
    ['checks{step:mistake}', ['rate==1']],
    ['journeys', [`rate>${objectives.errors.target}`]],
    ['dropped_iterations', [`count<=${Math.ceil(maxJourneys(settings) * errorBudget('errors'))}`]],
  ])
}

/** The search ends on the first stair that fails, after at least half of its time. */
function ofStairs(settings: Settings, stairs: Stair[]): Record<string, Threshold[]> {
  return Object.fromEntries(
    stairs.flatMap(({ rate, startS, durationS }) => {
      const delayAbortEval = `${Math.round(startS + durationS / 2)}s`
      const aborting = (threshold: string) => ({ threshold, abortOnFail: true, delayAbortEval })
      const maxDropped = Math.max(1, Math.round(rate * durationS * errorBudget('errors')))
      return [
        ...Object.entries(limits(settings)).map(([metric, limit]) => [`${metric}{rate:${rate}}`, limit.map(aborting)]),
        [`dropped_iterations{rate:${rate}}`, [aborting(`count<=${maxDropped}`)]],
        // These always hold. k6 reports only series that have a threshold.
        [`http_reqs{rate:${rate}}`, ['count>=0']],
        [`iterations{rate:${rate}}`, ['count>=0']],
      ]
    }),
  )
}

function limits({ p95Ms }: Settings): Record<string, string[]> {
  if (p95Ms === undefined) return objectiveLimits
  return { ...objectiveLimits, http_req_duration: [`p(${objectives.latency.target * 100})<${p95Ms}`] }
}

/** Limit of the 95th percentile of each step, in milliseconds. */
export const p95LimitMs = ({ p95Ms }: Settings): number => p95Ms ?? latencyThresholdS * 1000
