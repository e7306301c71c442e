/** Durations by logarithmic buckets, eight to a doubling: a quantile is right within 5 %. Bucket → how many. */
export type Histogram = Map<number, number>

const perDoubling = 8

export function addDuration(histogram: Histogram, us: number, times = 1): void {
  const bucket = us < 1 ? 0 : Math.round(Math.log2(us) * perDoubling)
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + times)
}

/** Adds all of `other`. */
export function addHistogram(into: Histogram, other: Histogram): void {
  for (const [bucket, times] of other) into.set(bucket, (into.get(bucket) ?? 0) + times)
}

/** The duration, in microseconds, under which the share `q` (0 – 1) of them lies; 0 of none. */
export function quantile(histogram: Histogram, q: number): number {
  let total = 0
  for (const times of histogram.values()) total += times
  let left = Math.max(1, Math.ceil(q * total))
  for (const [bucket, times] of [...histogram].sort(([a], [b]) => a - b)) {
    left -= times
    if (left <= 0) return 2 ** (bucket / perDoubling)
  }
  return 0
}

export const serializeHistogram = (histogram: Histogram): string => JSON.stringify([...histogram].flat())

/** Of one text, or of several in a row: what is of one bucket is added. */
export function parseHistogram(text: string): Histogram {
  const flat = JSON.parse(text) as number[]
  const histogram: Histogram = new Map()
  for (let index = 0; index < flat.length; index += 2) {
    const bucket = flat[index] ?? 0
    histogram.set(bucket, (histogram.get(bucket) ?? 0) + (flat[index + 1] ?? 0))
  }
  return histogram
}
