import type { Increase } from './increase'
import type { Series } from './series'

/** Measured values by bucket: upper bound → lower bound and how many. */
export type Distribution = Map<number, { low: number; count: number }>

/** Adds the buckets of a point. They have one more than there are bounds, for what is beyond the last. */
export function addBuckets(into: Distribution, bounds: number[], counts: number[]): void {
  if (counts.length !== bounds.length + 1) return
  for (const [index, count] of counts.entries()) {
    if (count <= 0) continue
    const high = bounds[index] ?? Number.POSITIVE_INFINITY
    const low = bounds[index - 1] ?? (high > 0 ? 0 : Number.NEGATIVE_INFINITY)
    const known = into.get(high)
    if (known) known.count += count
    else into.set(high, { low, count })
  }
}

/** Adds all of `other`. */
export function addDistribution(into: Distribution, other: Distribution): void {
  for (const [high, { low, count }] of other) {
    const known = into.get(high)
    if (known) known.count += count
    else into.set(high, { low, count })
  }
}

/**
 * The value under which the share `q` (0 – 1) lies, as if values were spread evenly in each bucket; not known of none. What
 * is beyond the last bound counts as that bound.
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

/** How what was added is distributed. */
export function distributionOf({ bounds }: Series, added: Increase[]): Distribution {
  const distribution: Distribution = new Map()
  for (const { counts } of added) addBuckets(distribution, bounds, counts())
  return distribution
}
