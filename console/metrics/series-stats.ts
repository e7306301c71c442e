import type { Database } from 'bun:sqlite'
import type { TimeWindow } from '../ui/time-window'
import { addBuckets, type Distribution, distributionOf, quantileOf } from './distribution'
import { countedSeconds, type Increase, increases } from './increase'
import { boundaryPoints, lastPoint, pointsOf, type Series, type StoredPoint } from './series'
import { type Steps, spreadOverSteps, stepAt, zeroPerStep } from './steps'

/** What a series says in a window. */
export interface SeriesStats {
  last: StoredPoint | undefined
  /** What was added, of counters and histograms. */
  value: number
  count: number
  distribution: Distribution
  /** For how much of the window it was seen. */
  seconds: number
}

export function computeSeriesStats(db: Database, series: Series, { fromUs, toUs }: TimeWindow): SeriesStats {
  const last = lastPoint(db, series.id, toUs)
  if (!isMonotonic(series)) return { last, value: 0, count: 0, distribution: new Map(), seconds: 0 }
  const points = boundaryPoints(db, series, fromUs, toUs)
  const added = increases(series, points, fromUs)
  return {
    last,
    value: sum(added, ({ value }) => value),
    count: sum(added, ({ count }) => count),
    distribution: distributionOf(series, added),
    seconds: countedSeconds(points, fromUs, toUs),
  }
}

/** Whether its points add up: a gauge's and an up-down counter's only tell how much there is. */
export const isMonotonic = ({ kind }: Pick<Series, 'kind'>): boolean => kind !== 'gauge' && kind !== 'updowncounter'

/**
 * What a chart of a series shows, step by step: a gauge's values, how fast a counter goes up in a second, a histogram's p95.
 * Nothing where it said nothing.
 */
export function valuesByStep(db: Database, series: Series, steps: Steps): (number | null)[] {
  const points = pointsOf(db, series.id, steps.fromUs, steps.toUs)
  if (!isMonotonic(series)) return lastBySteps(points, steps)
  const added = increases(series, points, steps.fromUs)
  if (series.kind === 'histogram') return p95BySteps(series, added, steps)
  const sums = zeroPerStep(steps)
  for (const increase of added) spreadOverSteps(sums, steps, increase, increase.value)
  const firstUs = added[0]?.fromUs ?? Number.POSITIVE_INFINITY
  return sums.map((total, at) => (endsBefore(steps, at, firstUs) ? null : (total / steps.lengthUs) * 1_000_000))
}

/** Whether a step ends before anything was seen. */
export const endsBefore = ({ startsUs, lengthUs }: Steps, at: number, firstUs: number): boolean =>
  (startsUs[at] ?? 0) + lengthUs <= firstUs

/** Adds what was measured in each step to that step's distribution. */
export function addDistributionsByStep(
  into: Distribution[],
  { bounds }: Series,
  added: Increase[],
  steps: Steps,
): void {
  for (const { toUs, count, counts } of added) {
    const distribution = into[stepAt(steps, toUs)]
    if (distribution && count > 0) addBuckets(distribution, bounds, counts())
  }
}

function p95BySteps(series: Series, added: Increase[], steps: Steps): (number | null)[] {
  const distributions = steps.startsUs.map((): Distribution => new Map())
  addDistributionsByStep(distributions, series, added, steps)
  return distributions.map((distribution) => quantileOf(distribution, 0.95) ?? null)
}

function lastBySteps(points: StoredPoint[], steps: Steps): (number | null)[] {
  const values: (number | null)[] = steps.startsUs.map(() => null)
  for (const { timeUs, value } of points) {
    const at = stepAt(steps, timeUs)
    if (at in values) values[at] = value
  }
  return values
}

const sum = (added: Increase[], of: (increase: Increase) => number): number =>
  added.reduce((total, increase) => total + of(increase), 0)
