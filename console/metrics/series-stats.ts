import type { Database } from 'bun:sqlite'
import type { TimeWindow } from '../ui/time-window'
import { addBuckets, type Distribution, distributionOf, quantileOf } from './distribution'
import { countedSeconds, type Increase, increases } from './increase'
import { boundaryPoints, lastPoint, pointsOf, type Series, type StoredPoint } from './series'
import { type Steps, spreadOverSteps, stepAt, zeroPerStep } from './steps'

/** The values of a series in a time window. */
export interface SeriesStats {
  last: StoredPoint | undefined
  /** The increase of a counter or a histogram. */
  value: number
  count: number
  distribution: Distribution
  /** The part of the window that the series covers. */
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

/** Whether the values accumulate. Gauges and up-down counters measure a level instead. */
export const isMonotonic = ({ kind }: Pick<Series, 'kind'>): boolean => kind !== 'gauge' && kind !== 'updowncounter'

/**
 * The values of a series for a chart, per step: the last value of a gauge, the increase per second of a counter, the p95 of a
 * histogram. `null` for steps without data.
 */
export function valuesByStep(db: Database, series: Series, steps: Steps): (number | null)[] {
  const points = pointsOf(db, series.id, steps.fromUs, steps.toUs)
  if (!isMonotonic(series)) return lastByStep(points, steps)
  const added = increases(series, points, steps.fromUs)
  if (series.kind === 'histogram') return p95ByStep(series, added, steps)
  const sums = zeroPerStep(steps)
  for (const increase of added) spreadOverSteps(sums, steps, increase, increase.value)
  const firstUs = added[0]?.fromUs ?? Number.POSITIVE_INFINITY
  return sums.map((total, at) => (endsBefore(steps, at, firstUs) ? null : (total / steps.lengthUs) * 1_000_000))
}

/** Whether a step ends before the first data. */
export const endsBefore = ({ startsUs, lengthUs }: Steps, at: number, firstUs: number): boolean =>
  (startsUs[at] ?? 0) + lengthUs <= firstUs

/** Adds each increase to the distribution of its step. */
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

function p95ByStep(series: Series, added: Increase[], steps: Steps): (number | null)[] {
  const distributions = steps.startsUs.map((): Distribution => new Map())
  addDistributionsByStep(distributions, series, added, steps)
  return distributions.map((distribution) => quantileOf(distribution, 0.95) ?? null)
}

function lastByStep(points: StoredPoint[], steps: Steps): (number | null)[] {
  const values: (number | null)[] = steps.startsUs.map(() => null)
  for (const { timeUs, value } of points) {
    const at = stepAt(steps, timeUs)
    if (at in values) values[at] = value
  }
  return values
}

const sum = (added: Increase[], of: (increase: Increase) => number): number =>
  added.reduce((total, increase) => total + of(increase), 0)
