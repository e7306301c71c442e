/** Counts of durations by logarithmic bucket, eight buckets per doubling, so that quantiles are within 5 %. */
export type Histogram = Map<number, number>

const perDoubling = 8

export function addDuration(histogram: Histogram, us: number, times = 1): void {
  const bucket = us < 1 ? 0 : Math.round(Math.log2(us) * perDoubling)
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + times)
}

/** Adds the counts of `other` to `into`. */
export function addHistogram(into: Histogram, other: Histogram): void {
  for (const [bucket, times] of other) into.set(bucket, (into.get(bucket) ?? 0) + times)
}

/** The quantile `q` (0 to 1) in microseconds; 0 for an empty histogram. */
export function quantile(histogram: Histogram, q: number): number {
  let total = 0
  for (const times of histogram.values()) total += times
  let remaining = Math.max(1, Math.ceil(q * total))
  for (const [bucket, times] of [...histogram].sort(([a], [b]) => a - b)) {
    remaining -= times
    if (remaining <= 0) return 2 ** (bucket / perDoubling)
  }
  return 0
}

export const serializeHistogram = (histogram: Histogram): string => JSON.stringify([...histogram].flat())

/** Parses a serialized histogram, or the concatenation of several: counts of the same bucket are added. */
export function parseHistogram(text: string): Histogram {
  const flat = JSON.parse(text) as number[]
  const histogram: Histogram = new Map()
  for (let index = 0; index < flat.length; index += 2) {
    const bucket = flat[index] ?? 0
    histogram.set(bucket, (histogram.get(bucket) ?? 0) + (flat[index + 1] ?? 0))
  }
  return histogram
}
