import type { AcceptedAt } from './accepted'
import type { Sampler, Waits } from './sampler'

/** What is answered as the signal comes was accepted before it. */
const firstResultMs = 100
const shownExamples = 5

/** What became of one signal's items. */
export interface Loss {
  accepted: number
  /** Lost, and the collector had been there long enough to store them. */
  whenNoneMay: number
  /** Some of those, and how long before each kill they and their root were accepted. */
  examples: string[]
  /** Lost, and in the sampler's memory when the collector was killed. */
  undecided: number
  /** How long before the kill the oldest of those was accepted. */
  oldestMs: number
  /** Stored more than once. */
  repeated: number
}

/** What waits for the sampler's decision is in memory only; nothing else is. */
export interface Memory {
  /** When the collector was killed. */
  killsMs: number[]
  waits: Waits
  sampler: Sampler
}

export function lossOf(
  sent: Map<string, AcceptedAt>,
  stored: { keys: Set<string>; repeated: number },
  memory?: Memory,
): Loss {
  const lost = [...sent].filter(([key]) => !stored.keys.has(key))
  const killsMs = memory?.killsMs ?? []
  const killOf = (at: AcceptedAt) => killsMs.find((killMs) => memory && isUndecided(at, killMs, memory))
  const ages = lost.flatMap(([, at]) => (killOf(at) === undefined ? [] : [(killOf(at) as number) - at.atMs]))
  const odd = lost.filter(([, at]) => killOf(at) === undefined)
  return {
    accepted: sent.size,
    whenNoneMay: odd.length,
    examples: odd.slice(0, shownExamples).map(([key, { atMs, rootMs = Number.NaN }]) => {
      const before = killsMs.map((killMs) => {
        const looks = memory?.sampler.looksBetween(Math.max(atMs, rootMs || 0), killMs)
        return `${killMs - atMs} ms before (its root ${killMs - rootMs}, ${looks} looks)`
      })
      return `${key}: ${before.join(', ')}`
    }),
    undecided: ages.length,
    oldestMs: ages.reduce((most, age) => Math.max(most, age), 0),
    repeated: stored.repeated,
  }
}

// A look that is under way, or has just been counted, is one more.
function isUndecided({ atMs, rootMs }: AcceptedAt, killMs: number, { waits, sampler }: Memory): boolean {
  if (atMs > killMs + firstResultMs || !sampler.isOneLife(atMs, killMs)) return false
  const hasRoot = rootMs !== undefined && rootMs <= killMs + firstResultMs
  const sinceMs = Math.max(atMs, hasRoot ? rootMs : 0)
  return sampler.looksBetween(sinceMs, killMs) <= 1 + (hasRoot ? waits.afterRoot : waits.decision)
}

interface Load {
  orders: number
  perSecond: number
  p50: number
  p95: number
  failures: Map<string, number>
}

/** A table for a terminal and for docs/measurements.md. */
export function describeLoss(loss: Record<'spans' | 'logs' | 'points', Loss>, load: Load, awayS: number): string {
  const names = {
    spans: 'spans, in Jaeger',
    logs: 'log records, at the log server',
    points: 'metric points, in Prometheus',
  }
  const rows = Object.entries(loss).map(([what, { accepted, whenNoneMay, undecided, oldestMs, repeated }]) => {
    const oldest = undecided > 0 ? `, the oldest ${(oldestMs / 1000).toFixed(1)} s before it` : ''
    const stored = accepted - whenNoneMay - undecided
    return `| ${names[what as keyof typeof names]} | ${accepted} | ${stored} | ${whenNoneMay} | ${undecided}${oldest} | ${repeated} |\n`
  })
  const { orders, perSecond, p50, p95, failures } = load
  const failed = [...failures].map(([how, count]) => `; ${count} failed: ${how}`).join('')
  return `\n${orders} orders, ${perSecond.toFixed(1)} a second, p50 ${p50} ms, p95 ${p95} ms; each store away for ${awayS} s${failed}
| | accepted | stored | lost | lost with the killed collector's memory | stored twice |
|---|---:|---:|---:|---:|---:|
${rows.join('')}\n`
}
