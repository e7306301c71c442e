import { type SpanContext, TraceFlags, trace } from '@opentelemetry/api'
import { type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace'

export interface SamplingSettings {
  /** Whether the caller's sampling decision applies to its traces. */
  parentBased: boolean
  /** The share of new traces that is sampled, 0 to 1. */
  ratio: number
  /** Ratios by route: the first rule that matches the method and route of a new trace applies. */
  rules: SamplingRule[]
  /** The maximum of new traces sampled per second. */
  maxTracesPerSecond: number
}

export interface SamplingRule {
  /** A method, or `*`. */
  method: string
  /** A route template such as `/product/:slug`; a `*` at the end matches any ending. */
  route: string
  ratio: number
}

/** Whether a span is sampled. `method` and `route` are given for requests. */
export type ShouldSample = (traceId: string, parent?: SpanContext, method?: string, route?: string) => boolean

/**
 * Creates a sampler: it follows the parent's decision; new traces are sampled by rule or ratio, up to a rate limit.
 * Processes with the same ratio sample the same traces. Source: OpenTelemetry specification, "Sampling"; the ratio is
 * computed as by the SDK's `TraceIdRatioBasedSampler`.
 */
export function createSampler({ parentBased, ratio, rules, maxTracesPerSecond }: SamplingSettings): ShouldSample {
  const isBelowLimit = rateLimit(maxTracesPerSecond)
  return (traceId, parent, method, route) => {
    // A trace that started in this process is sampled as a whole.
    if (parent && (parentBased || !parent.isRemote)) return (parent.traceFlags & TraceFlags.SAMPLED) !== 0
    const rule =
      rules.length === 0 || route === undefined
        ? undefined
        : rules.find((candidate) => matches(candidate, method, route))
    const effectiveRatio = rule?.ratio ?? ratio
    if (effectiveRatio <= 0 || (effectiveRatio < 1 && foldTraceId(traceId) >= Math.floor(effectiveRatio * 0xffffffff)))
      return false
    return parent !== undefined || isBelowLimit()
  }
}

/** The same decisions as an SDK sampler, for spans of other libraries. */
export const asSdkSampler = (sampling: ShouldSample): Sampler => ({
  shouldSample(context, traceId) {
    const isSampled = sampling(traceId, trace.getSpanContext(context))
    return { decision: isSampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD }
  },
  toString: () => 'VitrineSampling',
})

function matches(rule: SamplingRule, method: string | undefined, route: string): boolean {
  if (rule.method !== '*' && rule.method !== method) return false
  return rule.route.endsWith('*') ? route.startsWith(rule.route.slice(0, -1)) : route === rule.route
}

// A token bucket that holds the tokens of one second.
function rateLimit(perSecond: number): () => boolean {
  if (perSecond === Number.POSITIVE_INFINITY) return () => true
  const capacity = Math.max(1, perSecond)
  let tokens = perSecond === 0 ? 0 : capacity
  let filledMs = performance.now()
  return () => {
    const nowMs = performance.now()
    tokens = Math.min(capacity, tokens + ((nowMs - filledMs) / 1000) * perSecond)
    filledMs = nowMs
    if (tokens < 1) return false
    tokens--
    return true
  }
}

function foldTraceId(traceId: string): number {
  let folded = 0
  for (let at = 0; at < 32; at += 8) folded ^= Number.parseInt(traceId.slice(at, at + 8), 16)
  return folded >>> 0
}
