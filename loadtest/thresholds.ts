import { errorBudget, latencyThresholdS, objectives, thresholds as promised } from '../observability/slo.ts'
import { maxJourneys, type Settings, type Stair } from './shapes.ts'

export type Threshold = string | { threshold: string; abortOnFail: boolean; delayAbortEval: string }

/** Every request of a run has one of these as its tag `step`. */
export const steps = [
  ...['home', 'products', 'product', 'add_to_cart', 'cart', 'change_quantity', 'pay', 'thank_you'],
  ...['orders', 'order', 'register_form', 'register', 'login_form', 'login', 'logout', 'mistake'],
] as const
export type Step = (typeof steps)[number]

/** What must hold, by the objectives of `observability/slo.ts`: of all together, and of each step. */
export function thresholdsOf(settings: Settings, stairs: Stair[]): Record<string, Threshold[]> {
  if (stairs.length > 0) return ofStairs(settings, stairs)
  const places = ['phase:load', ...steps.map((step) => `step:${step}`)]
  return Object.fromEntries([
    ...places.flatMap((place) =>
      Object.entries(limits(settings)).map(([metric, limit]) => [`${metric}{${place}}`, limit] as const),
    ),
    ['checks{phase:load}', [`rate>${objectives.errors.target}`]],
    // Each wrong input is answered by its own 4xx, always.
    ['checks{step:mistake}', ['rate==1']],
    ['journeys', [`rate>${objectives.errors.target}`]],
    ['dropped_iterations', [`count<=${Math.ceil(maxJourneys(settings) * errorBudget('errors'))}`]],
  ])
}

/** The search ends on the first stair that does not hold, half of it waited for. */
function ofStairs(settings: Settings, stairs: Stair[]): Record<string, Threshold[]> {
  return Object.fromEntries(
    stairs.flatMap(({ rate, startS, durationS }) => {
      const delayAbortEval = `${Math.round(startS + durationS / 2)}s`
      const ends = (threshold: string) => ({ threshold, abortOnFail: true, delayAbortEval })
      const mostDropped = Math.max(1, Math.round(rate * durationS * errorBudget('errors')))
      return [
        ...Object.entries(limits(settings)).map(([metric, limit]) => [`${metric}{rate:${rate}}`, limit.map(ends)]),
        [`dropped_iterations{rate:${rate}}`, [ends(`count<=${mostDropped}`)]],
        // Always so: k6 keeps the figures of what it has a threshold for.
        [`http_reqs{rate:${rate}}`, ['count>=0']],
        [`iterations{rate:${rate}}`, ['count>=0']],
      ]
    }),
  )
}

function limits({ p95Ms }: Settings): Record<string, string[]> {
  if (p95Ms === undefined) return promised
  return { ...promised, http_req_duration: [`p(${objectives.latency.target * 100})<${p95Ms}`] }
}

/** Milliseconds within which 95 of 100 requests of a step must be answered. */
export const p95LimitMs = ({ p95Ms }: Settings): number => p95Ms ?? latencyThresholdS * 1000
