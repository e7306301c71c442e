/** Spans that wait for the sampler's decision are in memory only: `decision_wait`, and a second until it looks again. */
const undecidedMs = 6000

/** What became of one signal's items. */
export interface Loss {
  accepted: number
  /** Lost, and accepted when nothing may be lost. */
  whenNoneMay: number
  /** Lost, and accepted within 6 s before a kill. */
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
  // What was answered as the signal came was accepted before it.
  const ageOf = (atMs: number) => killsMs.map((killMs) => killMs - atMs).find((ms) => ms > -100 && ms <= undecidedMs)
  const ages = [...sent].filter(([key]) => !stored.keys.has(key)).map(([, atMs]) => ageOf(atMs))
  const undecided = ages.filter((age) => age !== undefined)
  return {
    accepted: sent.size,
    whenNoneMay: ages.length - undecided.length,
    undecided: undecided.length,
    oldestMs: undecided.reduce((most, age) => Math.max(most, age), 0),
    repeated: stored.repeated,
  }
}

interface Load {
  orders: number
  perSecond: number
  p50: number
  p95: number
}

/** A table for a terminal and for docs/measurements.md. */
export function describeLoss(loss: Record<'spans' | 'logs' | 'points', Loss>, load: Load, awayS: number): string {
  const names = { spans: 'spans, in Jaeger', logs: 'log records, in Loki', points: 'metric points, in Prometheus' }
  const rows = Object.entries(loss).map(([what, { accepted, whenNoneMay, undecided, oldestMs, repeated }]) => {
    const oldest = undecided > 0 ? `, the oldest ${(oldestMs / 1000).toFixed(1)} s before it` : ''
    const stored = accepted - whenNoneMay - undecided
    return `| ${names[what as keyof typeof names]} | ${accepted} | ${stored} | ${whenNoneMay} | ${undecided}${oldest} | ${repeated} |\n`
  })
  const { orders, perSecond, p50, p95 } = load
  return `\n${orders} orders, ${perSecond.toFixed(1)} a second, p50 ${p50} ms, p95 ${p95} ms; each store away for ${awayS} s
| | accepted | stored | lost | lost with the killed collector's memory | stored twice |
|---|---:|---:|---:|---:|---:|
${rows.join('')}\n`
}
