import { hasNoReset, type Series, type StoredPoint } from './series'

/** The increase of a counter or a histogram between two times. */
export interface Increase {
  fromUs: number
  toUs: number
  value: number
  count: number
  /** The increase of each bucket; empty if the buckets have changed. */
  counts(): number[]
}

/** The assumed export interval of a series with one point, and the shortest time over which rates are computed. */
const defaultIntervalUs = 10_000_000

/**
 * The increases between the points of a series. After a reset (a restart of the process) the increase of a cumulative series
 * is its whole value. If the series started before `sinceUs`, its first point is only the base of the next increase.
 */
export function increases({ temporality }: Pick<Series, 'temporality'>, points: StoredPoint[], sinceUs: number) {
  const added: Increase[] = []
  const intervalUs = shortestIntervalUs(points)
  let previous: StoredPoint | undefined
  for (const point of points) {
    if (temporality === 'delta') {
      if (point.timeUs > sinceUs) added.push(wholeValue(point, intervalUs))
    } else if (previous && hasNoReset(previous, point)) added.push(difference(previous, point))
    else if (previous || point.startUs >= sinceUs) added.push(wholeValue(point, intervalUs))
    previous = point
  }
  return added
}

function difference(previous: StoredPoint, point: StoredPoint): Increase {
  return {
    fromUs: previous.timeUs,
    toUs: point.timeUs,
    value: point.value - previous.value,
    count: point.count - previous.count,
    counts: () => subtract(bucketsOf(point), bucketsOf(previous)),
  }
}

// A series can appear long after its process started, so its first value is assigned to the last export interval.
function wholeValue(point: StoredPoint, intervalUs: number): Increase {
  const fromUs = Math.max(point.startUs, point.timeUs - intervalUs)
  return {
    fromUs: Math.min(fromUs, point.timeUs),
    toUs: point.timeUs,
    value: point.value,
    count: point.count,
    counts: () => bucketsOf(point),
  }
}

function shortestIntervalUs(points: StoredPoint[]): number {
  let shortest = Number.POSITIVE_INFINITY
  for (const [index, { timeUs }] of points.entries()) {
    const previous = points[index - 1]
    if (previous) shortest = Math.min(shortest, timeUs - previous.timeUs)
  }
  return Number.isFinite(shortest) ? shortest : defaultIntervalUs
}

export const bucketsOf = ({ counts }: StoredPoint): number[] => (counts ? JSON.parse(counts) : [])

function subtract(counts: number[], previous: number[]): number[] {
  if (counts.length !== previous.length) return []
  const added = counts.map((count, index) => count - (previous[index] ?? 0))
  return added.some((count) => count < 0) ? [] : added
}

/** The part of the window that a series covers, in seconds: since the start of its process, or since its first point. */
export function countedSeconds(points: StoredPoint[], sinceUs: number, untilUs: number): number {
  const [first] = points
  if (!first) return 0
  const fromUs = first.startUs >= sinceUs ? first.startUs : first.timeUs
  return Math.max(defaultIntervalUs, untilUs - Math.max(fromUs, sinceUs)) / 1_000_000
}
