import { hasNoReset, type Series, type StoredPoint } from './series'

/** What a counter or a histogram went up by between two times. */
export interface Increase {
  fromUs: number
  toUs: number
  value: number
  count: number
  /** How many came into each bucket; nothing where the buckets themselves have changed. */
  counts(): number[]
}

/** Where nobody says since when a point counts, it is taken to be as long as this. */
const unknownUs = 10_000_000

/**
 * What was added between the points of a series. A cumulative one that begins anew (its program has restarted) has gone up
 * by all that it says; of one that began before `sinceUs` and was not seen then, the first point is where counting begins.
 */
export function increases({ temporality }: Pick<Series, 'temporality'>, points: StoredPoint[], sinceUs: number) {
  const added: Increase[] = []
  const gapUs = shortestGapUs(points)
  let before: StoredPoint | undefined
  for (const point of points) {
    if (temporality === 'delta') {
      if (point.timeUs > sinceUs) added.push(whole(point, gapUs))
    } else if (before && hasNoReset(before, point)) added.push(between(before, point))
    else if (before || point.startUs >= sinceUs) added.push(whole(point, gapUs))
    before = point
  }
  return added
}

function between(before: StoredPoint, point: StoredPoint): Increase {
  return {
    fromUs: before.timeUs,
    toUs: point.timeUs,
    value: point.value - before.value,
    count: point.count - before.count,
    counts: () => subtract(bucketsOf(point), bucketsOf(before)),
  }
}

// A series may appear long after its program began to count: what it says first came lately.
function whole(point: StoredPoint, gapUs: number): Increase {
  const fromUs = Math.max(point.startUs, point.timeUs - gapUs)
  return {
    fromUs: Math.min(fromUs, point.timeUs),
    toUs: point.timeUs,
    value: point.value,
    count: point.count,
    counts: () => bucketsOf(point),
  }
}

function shortestGapUs(points: StoredPoint[]): number {
  let shortest = Number.POSITIVE_INFINITY
  for (const [index, { timeUs }] of points.entries()) {
    const before = points[index - 1]
    if (before) shortest = Math.min(shortest, timeUs - before.timeUs)
  }
  return Number.isFinite(shortest) ? shortest : unknownUs
}

export const bucketsOf = ({ counts }: StoredPoint): number[] => (counts ? JSON.parse(counts) : [])

function subtract(counts: number[], before: number[]): number[] {
  if (counts.length !== before.length) return []
  const added = counts.map((count, index) => count - (before[index] ?? 0))
  return added.some((count) => count < 0) ? [] : added
}

/** For how much of the window a series was seen, in seconds: since its program began, or since its first point. */
export function countedSeconds(points: StoredPoint[], sinceUs: number, untilUs: number): number {
  const [first] = points
  if (!first) return 0
  const fromUs = first.startUs >= sinceUs ? first.startUs : first.timeUs
  return Math.max(unknownUs, untilUs - Math.max(fromUs, sinceUs)) / 1_000_000
}
