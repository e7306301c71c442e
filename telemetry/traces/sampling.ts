import { type SpanContext, TraceFlags, trace } from '@opentelemetry/api'
import { type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace'

export interface SamplingSettings {
  /** Whether a trace that comes from elsewhere keeps its decision. */
  parentBased: boolean
  /** The share of new traces that is kept, 0 to 1. */
  ratio: number
  /** The share for some routes: the first rule that matches a new trace's method and route decides. */
  rules: SamplingRule[]
  /** The most new traces that are kept in a second. */
  maxTracesPerSecond: number
}

export interface SamplingRule {
  /** A method, or `*`. */
  method: string
  /** A route template such as `/product/:slug`; a `*` at its end stands for any ending. */
  route: string
  ratio: number
}

/** Whether a span is kept. `method` and `route` are known for requests. */
export type ShouldSample = (traceId: string, parent?: SpanContext, method?: string, route?: string) => boolean

/**
 * Decides as the trace began, else by ratio over the trace id, by rule and under a ceiling. Two processes with one ratio
 * keep the same traces. Source: OpenTelemetry specification, "Sampling"; the ratio is computed as the SDK does it.
 */
export function createSampler({ parentBased, ratio, rules, maxTracesPerSecond }: SamplingSettings): ShouldSample {
  const hasRoom = ceiling(maxTracesPerSecond)
  return (traceId, parent, method, route) => {
    // Of a trace that this process began, all or nothing.
    if (parent && (parentBased || !parent.isRemote)) return (parent.traceFlags & TraceFlags.SAMPLED) !== 0
    const rule =
      rules.length === 0 || route === undefined ? undefined : rules.find((one) => matches(one, method, route))
    const share = rule?.ratio ?? ratio
    if (share <= 0 || (share < 1 && fold(traceId) >= Math.floor(share * 0xffffffff))) return false
    return parent !== undefined || hasRoom()
  }
}

/** The same decisions for spans that others make on the SDK's provider. */
export const asSdkSampler = (sampling: ShouldSample): Sampler => ({
  shouldSample(context, traceId) {
    const isKept = sampling(traceId, trace.getSpanContext(context))
    return { decision: isKept ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD }
  },
  toString: () => 'VitrineSampling',
})

function matches(rule: SamplingRule, method: string | undefined, route: string): boolean {
  if (rule.method !== '*' && rule.method !== method) return false
  return rule.route.endsWith('*') ? route.startsWith(rule.route.slice(0, -1)) : route === rule.route
}

// A bucket that holds a second's worth and fills as time goes by.
function ceiling(perSecond: number): () => boolean {
  if (perSecond === Number.POSITIVE_INFINITY) return () => true
  const most = Math.max(1, perSecond)
  let left = perSecond === 0 ? 0 : most
  let filledMs = performance.now()
  return () => {
    const nowMs = performance.now()
    left = Math.min(most, left + ((nowMs - filledMs) / 1000) * perSecond)
    filledMs = nowMs
    if (left < 1) return false
    left--
    return true
  }
}

function fold(traceId: string): number {
  let folded = 0
  for (let at = 0; at < 32; at += 8) folded ^= Number.parseInt(traceId.slice(at, at + 8), 16)
  return folded >>> 0
}
