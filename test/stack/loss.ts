/** Spans that wait for the sampler's decision are in memory only: `decision_wait`, and a second until it looks again. */
const undecidedMs = 6000
/** On a busy machine it looks late, and a second's traces leave it one after the other. */
const lateMs = 500
/** What is answered as the signal comes was accepted before it. */
const answeredMs = 100
const shownExamples = 5

/** What became of one signal's items. */
export interface Loss {
  accepted: number
  /** Lost, and accepted when nothing may be lost. */
  whenNoneMay: number
  /** Some of those, and how long before each kill they were accepted. */
  examples: string[]
  /** Lost, and accepted so shortly before a kill that spans may be. */
  undecided: number
  /** How long before the kill the oldest of those was accepted. */
  oldestMs: number
  /** Stored more than once. */
  repeated: number
}

/** @param sent when each item was accepted, by its identity @param killsMs when the collector was killed */
export function lossOf(
  sent: Map<string, number>,
  stored: { keys: Set<string>; repeated: number },
  killsMs: number[],
): Loss {
  const lost = [...sent]
    .filter(([key]) => !stored.keys.has(key))
    .map(([key, atMs]) => ({ key, before: killsMs.map((killMs) => killMs - atMs) }))
  const isShortly = (ms: number) => ms > -answeredMs && ms <= undecidedMs + lateMs
  const ages = lost.map(({ before }) => before.find(isShortly)).filter((age) => age !== undefined)
  const odd = lost.filter(({ before }) => !before.some(isShortly))
  return {
    accepted: sent.size,
    whenNoneMay: odd.length,
    examples: odd.slice(0, shownExamples).map(({ key, before }) => `${key}, ${before.join(' and ')} ms before`),
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
