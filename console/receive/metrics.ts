import { readGroups } from './read-groups'
import type { DataPoint, DecodedRequest, Metric, Temporality } from './telemetry-types'
import {
  attributesOf,
  booleanOf,
  integerOf,
  microsecondsOf,
  numberOf,
  numbersOf,
  readList,
  readObject,
  stringOf,
} from './values'

/**
 * Reads the metrics of an ExportMetricsServiceRequest. Rejects a metric without a name or without data of a known kind.
 * @throws MalformedError
 */
export function readMetrics(request: object): DecodedRequest<Metric> {
  return readGroups<Metric>(request, ['resourceMetrics', 'scopeMetrics', 'metrics'], (raw, _scope, add, reject) => {
    const name = stringOf(raw, 'name')
    const data =
      readObject(raw, 'sum', sum) ??
      readObject(raw, 'histogram', (from) => histogram(from, explicitBuckets)) ??
      readObject(raw, 'gauge', gauge) ??
      readObject(raw, 'exponentialHistogram', (from) => histogram(from, exponentialBuckets)) ??
      readObject(raw, 'summary', summary)
    if (!name) return reject('a metric needs a name')
    if (!data) return reject(`the metric ${name} has no data of a kind that OTLP defines`)
    add({ name, description: stringOf(raw, 'description'), unit: stringOf(raw, 'unit'), ...data })
  })
}

type Data = Pick<Metric, 'kind' | 'temporality' | 'points'>
type ReadPoint = (raw: object) => Partial<DataPoint>

const sum = (from: object): Data => ({
  kind: booleanOf(from, 'isMonotonic') ? 'counter' : 'updowncounter',
  temporality: temporalityOf(from),
  points: pointsOf(from, numberPoint),
})

const gauge = (from: object): Data => ({ kind: 'gauge', temporality: 'none', points: pointsOf(from, numberPoint) })

const histogram = (from: object, readPoint: ReadPoint): Data => ({
  kind: 'histogram',
  temporality: temporalityOf(from),
  points: pointsOf(from, readPoint),
})

// Quantiles are not read: the sender computes them over a period that OTLP does not state.
const summary = (from: object): Data => ({
  kind: 'summary',
  temporality: 'cumulative',
  points: pointsOf(from, sumAndCount),
})

function temporalityOf(from: object): Temporality {
  return integerOf(from, 'aggregationTemporality') === 1 ? 'delta' : 'cumulative'
}

// OTLP 1.9, `DataPointFlags`: the point has no value.
const noRecordedValue = 1

// Points without a value are left out.
function pointsOf(from: object, readPoint: ReadPoint): DataPoint[] {
  const points: DataPoint[] = []
  readList(from, 'dataPoints', (raw) => {
    if ((integerOf(raw, 'flags') ?? 0) & noRecordedValue) return
    const { value = Number.NaN, ...rest } = readPoint(raw)
    const point = {
      attributes: attributesOf(raw),
      startUs: microsecondsOf(raw, 'startTimeUnixNano'),
      timeUs: microsecondsOf(raw, 'timeUnixNano'),
      value,
      ...rest,
    }
    if (Number.isFinite(value)) points.push(point)
  })
  return points
}

function numberPoint(raw: object): Partial<DataPoint> {
  const value = integerOf(raw, 'asInt') ?? numberOf(raw, 'asDouble')
  return value === undefined ? {} : { value }
}

const sumAndCount = (raw: object) => ({ value: numberOf(raw, 'sum') ?? 0, count: integerOf(raw, 'count') ?? 0 })

const explicitBuckets = (raw: object): Partial<DataPoint> => ({
  ...sumAndCount(raw),
  bounds: numbersOf(raw, 'explicitBounds'),
  counts: numbersOf(raw, 'bucketCounts'),
})

// Four bounds per doubling, from a millionth to a trillion. All exponential histograms are counted on these fixed bounds,
// because a sender changes its scale while it fills, and counts of different bounds can't be subtracted.
const perDoubling = 4
const [lowest, highest] = [-20 * perDoubling, 40 * perDoubling]
const fixedBounds = Array.from({ length: highest - lowest + 1 }, (_, at) => 2 ** ((lowest + at) / perDoubling))

/**
 * Converts exponential buckets to explicit ones: exactly where the sender's buckets are finer, by their upper bound where they
 * are coarser. Values of zero or below are in the first bucket.
 */
function exponentialBuckets(raw: object): Partial<DataPoint> {
  const scale = integerOf(raw, 'scale') ?? 0
  const positive = readObject(raw, 'positive', buckets) ?? { offset: 0, counts: [] }
  const negative = readObject(raw, 'negative', buckets) ?? { offset: 0, counts: [] }
  const counts: number[] = new Array(fixedBounds.length + 1).fill(0)
  const add = (at: number, count: number) => {
    counts[at] = (counts[at] ?? 0) + count
  }
  add(0, (integerOf(raw, 'zeroCount') ?? 0) + negative.counts.reduce((total, count) => total + count, 0))
  for (const [index, count] of positive.counts.entries()) {
    // The binary logarithm of the bucket's upper bound, which is base^(offset + index + 1).
    const doublings = (positive.offset + index + 1) / 2 ** scale
    const at = Math.ceil(doublings * perDoubling - 1e-9) - lowest
    add(Math.min(Math.max(at, 0), fixedBounds.length), count)
  }
  return { ...sumAndCount(raw), bounds: fixedBounds, counts }
}

function buckets(raw: object) {
  return { offset: integerOf(raw, 'offset') ?? 0, counts: numbersOf(raw, 'bucketCounts') }
}
