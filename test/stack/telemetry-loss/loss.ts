import type { AcceptanceTime } from './accepted-telemetry'
import type { SamplerWaits, SamplerWatch } from './sampler'

/** A response can be recorded this long after a kill, for a request that was accepted before. */
const firstResultMs = 100
const shownExamples = 5

/** The fate of one signal's spans, records or data points. */
export interface Loss {
  accepted: number
  /** Lost, and the collector had been there long enough to store them. */
  lostUnexpectedly: number
  /** Some of those, and how long before each kill they and their root were accepted. */
  examples: string[]
  /** Lost, and in the sampler's memory when the collector was killed. */
  lostUndecided: number
  /** How long before the kill the oldest of those was accepted. */
  oldestUndecidedMs: number
  /** Stored more than once. */
  repeated: number
}

/** What waits for the sampler's decision is in memory only; nothing else is. */
export interface SamplerMemory {
  /** When the collector was killed. */
  killsMs: number[]
  waits: SamplerWaits
  sampler: SamplerWatch
}

export function computeLoss(
  sent: Map<string, AcceptanceTime>,
  stored: { keys: Set<string>; repeated: number },
  memory?: SamplerMemory,
): Loss {
  const lost = [...sent].filter(([key]) => !stored.keys.has(key))
  const killsMs = memory?.killsMs ?? []
  const killOf = (at: AcceptanceTime) => killsMs.find((killMs) => memory && isUndecided(at, killMs, memory))
  const ages = lost.flatMap(([, at]) => (killOf(at) === undefined ? [] : [(killOf(at) as number) - at.acceptedMs]))
  const odd = lost.filter(([, at]) => killOf(at) === undefined)
  return {
    accepted: sent.size,
    lostUnexpectedly: odd.length,
    examples: odd.slice(0, shownExamples).map(([key, { acceptedMs, rootAcceptedMs = Number.NaN }]) => {
      const before = killsMs.map((killMs) => {
        const looks = memory?.sampler.ticksBetween(Math.max(acceptedMs, rootAcceptedMs || 0), killMs)
        return `${killMs - acceptedMs} ms before (its root ${killMs - rootAcceptedMs}, ${looks} looks)`
      })
      return `${key}: ${before.join(', ')}`
    }),
    lostUndecided: ages.length,
    oldestUndecidedMs: ages.reduce((max, age) => Math.max(max, age), 0),
    repeated: stored.repeated,
  }
}

// A look that is under way, or has just been counted, is one more.
function isUndecided(
  { acceptedMs, rootAcceptedMs }: AcceptanceTime,
  killMs: number,
  { waits, sampler }: SamplerMemory,
): boolean {
  if (acceptedMs > killMs + firstResultMs || !sampler.isSameProcess(acceptedMs, killMs)) return false
  const hasRoot = rootAcceptedMs !== undefined && rootAcceptedMs <= killMs + firstResultMs
  const sinceMs = Math.max(acceptedMs, hasRoot ? rootAcceptedMs : 0)
  return sampler.ticksBetween(sinceMs, killMs) <= 1 + (hasRoot ? waits.afterRootS : waits.decisionS)
}

interface Load {
  orders: number
  perSecond: number
  p50: number
  p95: number
  failures: Map<string, number>
}

/** A table for a terminal and for docs/performance.md. */
export function formatLossTable(loss: Record<'spans' | 'logs' | 'points', Loss>, load: Load, awayS: number): string {
  const names = {
    spans: 'spans, in Jaeger',
    logs: 'log records, at the log server',
    points: 'metric points, in Prometheus',
  }
  const rows = Object.entries(loss).map(
    ([what, { accepted, lostUnexpectedly, lostUndecided, oldestUndecidedMs, repeated }]) => {
      const oldest = lostUndecided > 0 ? `, the oldest ${(oldestUndecidedMs / 1000).toFixed(1)} s before it` : ''
      const stored = accepted - lostUnexpectedly - lostUndecided
      return `| ${names[what as keyof typeof names]} | ${accepted} | ${stored} | ${lostUnexpectedly} | ${lostUndecided}${oldest} | ${repeated} |\n`
    },
  )
  const { orders, perSecond, p50, p95, failures } = load
  const failed = [...failures].map(([how, count]) => `; ${count} failed: ${how}`).join('')
  return `\n${orders} orders, ${perSecond.toFixed(1)} a second, p50 ${p50} ms, p95 ${p95} ms; each store down for ${awayS} s${failed}
| | accepted | stored | lost | lost with the killed collector's memory | stored twice |
|---|---:|---:|---:|---:|---:|
${rows.join('')}\n`
}
