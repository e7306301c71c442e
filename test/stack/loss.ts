import type { AcceptedAt } from './accepted'

/** On a busy machine the sampler looks late, and a second's traces leave it one after the other. */
const lateMs = 1000
/** It looks so often whether the time of a trace has come. */
const looksEachMs = 1000
/** What is answered as the signal comes was accepted before it. */
const answeredMs = 100
const shownExamples = 5

/** How long the sampler keeps spans in memory before it decides. */
export interface Waits {
  decisionMs: number
  /** Of a trace whose root has come. */
  afterRootMs: number
}

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

/** @param killsMs when the collector was killed @param waits of the sampler; nothing else is in memory only */
export function lossOf(
  sent: Map<string, AcceptedAt>,
  stored: { keys: Set<string>; repeated: number },
  killsMs: number[] = [],
  waits: Waits = { decisionMs: 0, afterRootMs: 0 },
): Loss {
  const lost = [...sent].filter(([key]) => !stored.keys.has(key))
  const killOf = ({ atMs, rootMs }: AcceptedAt) =>
    killsMs.find((killMs) => {
      if (atMs > killMs + answeredMs) return false
      const hasRoot = rootMs !== undefined && rootMs <= killMs + answeredMs
      const waitMs = hasRoot ? waits.afterRootMs : waits.decisionMs
      return killMs - Math.max(atMs, hasRoot ? rootMs : 0) <= waitMs + looksEachMs + lateMs
    })
  const ages = lost.flatMap(([, at]) => (killOf(at) === undefined ? [] : [(killOf(at) as number) - at.atMs]))
  const odd = lost.filter(([, at]) => killOf(at) === undefined)
  return {
    accepted: sent.size,
    whenNoneMay: odd.length,
    examples: odd.slice(0, shownExamples).map(([key, { atMs, rootMs = Number.NaN }]) => {
      const before = killsMs.map((killMs) => `${killMs - atMs} (root ${killMs - rootMs})`)
      return `${key}: ${before.join(', ')} ms before`
    }),
    undecided: ages.length,
    oldestMs: ages.reduce((most, age) => Math.max(most, age), 0),
    repeated: stored.repeated,
  }
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
  const names = { spans: 'spans, in Jaeger', logs: 'log records, in Loki', points: 'metric points, in Prometheus' }
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
