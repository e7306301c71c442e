import type { Increase } from './increase'
import type { Series } from './series'

/** The buckets of a histogram: upper bound → lower bound and number of values. */
export type Distribution = Map<number, { low: number; count: number }>

/** Adds the buckets of a data point. There is one count more than bounds: the last bucket has no upper bound. */
export function addBuckets(into: Distribution, bounds: number[], counts: number[]): void {
  if (counts.length !== bounds.length + 1) return
  for (const [index, count] of counts.entries()) {
    if (count <= 0) continue
    const high = bounds[index] ?? Number.POSITIVE_INFINITY
    const low = bounds[index - 1] ?? (high > 0 ? 0 : Number.NEGATIVE_INFINITY)
    const existing = into.get(high)
    if (existing) existing.count += count
    else into.set(high, { low, count })
  }
}

/** Adds the buckets of `other`. */
export function addDistribution(into: Distribution, other: Distribution): void {
  for (const [high, { low, count }] of other) {
    const existing = into.get(high)
    if (existing) existing.count += count
    else into.set(high, { low, count })
  }
}

/**
 * The quantile `q` (0 – 1), interpolated linearly in its bucket, or `undefined` without values. A value above the last bound
 * counts as that bound.
 */
export function quantileOf(distribution: Distribution, q: number): number | undefined {
  const buckets = [...distribution].sort(([a], [b]) => a - b)
  const target = q * buckets.reduce((sum, [, { count }]) => sum + count, 0)
  let below = 0
  for (const [high, { low, count }] of buckets) {
    below += count
    if (below < target) continue
    if (!Number.isFinite(high)) return low
    if (!Number.isFinite(low)) return high
    return high - ((below - target) / count) * (high - low)
  }
  return undefined
}

/** The distribution of the values in all increases. */
export function distributionOf({ bounds }: Series, added: Increase[]): Distribution {
  const distribution: Distribution = new Map()
  for (const { counts } of added) addBuckets(distribution, bounds, counts())
  return distribution
}
