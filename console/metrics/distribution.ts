import { bucketsOf, type Increase } from './increase'
import type { Series, StoredPoint } from './series'

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
export function addAll(into: Distribution, other: Distribution): void {
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

/**
 * How what was added is distributed. Exponential buckets move while they are filled, and the store keeps only where they
 * stand now: the last point is all that can be read of them, which is since the program began.
 */
export function distributionOf(series: Series, added: Increase[], last: StoredPoint | undefined): Distribution {
  const distribution: Distribution = new Map()
  if (areExponential(series.bounds)) {
    if (last) addBuckets(distribution, series.bounds, bucketsOf(last))
    return distribution
  }
  for (const { counts } of added) addBuckets(distribution, series.bounds, counts())
  return distribution
}

/** Whether each bound is 2^(2^-scale) times the one before, with a whole scale: those of an exponential histogram. */
function areExponential(bounds: number[]): boolean {
  const positive = bounds.filter((bound) => bound > 0)
  const [first, second] = positive
  if (first === undefined || second === undefined) return false
  const ratio = second / first
  const scale = -Math.log2(Math.log2(ratio))
  const isEven = positive.every((bound, index) => index === 0 || near(bound / (positive[index - 1] ?? 1), ratio))
  return isEven && Math.abs(scale - Math.round(scale)) < 1e-6
}

const near = (a: number, b: number): boolean => Math.abs(a - b) < b * 1e-9
