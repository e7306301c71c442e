import { readList, readObject } from './malformed'
import { readGroups } from './read-groups'
import type { DataPoint, DecodedRequest, Metric, Temporality } from './telemetry-types'
import { attributesOf, booleanOf, integerOf, microsecondsOf, numberOf, numbersOf, stringOf } from './values'

/**
 * The metrics of an ExportMetricsServiceRequest. One without data of a known kind is refused alone.
 * @throws Malformed
 */
export function readMetrics(request: object): DecodedRequest<Metric> {
  return readGroups<Metric>(request, ['resourceMetrics', 'scopeMetrics', 'metrics'], (raw, _scope, add, refuse) => {
    const name = stringOf(raw, 'name')
    const data =
      readObject(raw, 'sum', sum) ??
      readObject(raw, 'histogram', (from) => distribution(from, 'histogram', explicit)) ??
      readObject(raw, 'gauge', (from) => made('gauge', 'none', pointsOf(from, numberPoint))) ??
      readObject(raw, 'exponentialHistogram', (from) => distribution(from, 'histogram', exponential)) ??
      readObject(raw, 'summary', (from) => made('summary', 'cumulative', pointsOf(from, summary)))
    if (!name) return refuse('a metric needs a name')
    if (!data) return refuse(`the metric ${name} has no data of a kind that OTLP knows`)
    add({ name, description: stringOf(raw, 'description'), unit: stringOf(raw, 'unit'), ...data })
  })
}

type Data = Pick<Metric, 'kind' | 'temporality' | 'points'>

const made = (kind: Metric['kind'], temporality: Temporality, points: DataPoint[]): Data => ({
  kind,
  temporality,
  points,
})

function sum(from: object): Data {
  return made(
    booleanOf(from, 'isMonotonic') ? 'counter' : 'updowncounter',
    temporalityOf(from),
    pointsOf(from, numberPoint),
  )
}

function distribution(from: object, kind: Metric['kind'], read: (raw: object) => Partial<DataPoint>): Data {
  return made(kind, temporalityOf(from), pointsOf(from, read))
}

function temporalityOf(from: object): Temporality {
  return integerOf(from, 'aggregationTemporality') === 1 ? 'delta' : 'cumulative'
}

// Source: OTLP 1.9, `DataPointFlags`: bit 0 says that there is no value. Such points, and those without one, are left out.
const noRecordedValue = 1

function pointsOf(from: object, read: (raw: object) => Partial<DataPoint>): DataPoint[] {
  const points: DataPoint[] = []
  readList(from, 'dataPoints', (raw) => {
    if ((integerOf(raw, 'flags') ?? 0) & noRecordedValue) return
    const { value = Number.NaN, ...rest } = read(raw)
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

function explicit(raw: object): Partial<DataPoint> {
  return {
    value: numberOf(raw, 'sum') ?? 0,
    count: integerOf(raw, 'count') ?? 0,
    bounds: numbersOf(raw, 'explicitBounds'),
    counts: numbersOf(raw, 'bucketCounts'),
  }
}

// Four bounds to a doubling, from a millionth to a trillion: on these every exponential histogram is counted, for its own
// bounds move while it is filled, and what moves can't be subtracted.
const perDoubling = 4
const [lowest, highest] = [-20 * perDoubling, 40 * perDoubling]
const grid = Array.from({ length: highest - lowest + 1 }, (_, at) => 2 ** ((lowest + at) / perDoubling))

/**
 * As explicit buckets on one grid: exact where the sender's are finer, by their upper bound where they are coarser. What is
 * zero or below is in the first.
 */
function exponential(raw: object): Partial<DataPoint> {
  const scale = integerOf(raw, 'scale') ?? 0
  const positive = readObject(raw, 'positive', buckets) ?? { offset: 0, counts: [] }
  const negative = readObject(raw, 'negative', buckets) ?? { offset: 0, counts: [] }
  const counts: number[] = new Array(grid.length + 1).fill(0)
  const add = (at: number, count: number) => {
    counts[at] = (counts[at] ?? 0) + count
  }
  add(0, (integerOf(raw, 'zeroCount') ?? 0) + negative.counts.reduce((sum, count) => sum + count, 0))
  for (const [index, count] of positive.counts.entries()) {
    // Up to base^(index + 1), whose logarithm of two is this.
    const doublings = (positive.offset + index + 1) / 2 ** scale
    const at = Math.ceil(doublings * perDoubling - 1e-9) - lowest
    add(Math.min(Math.max(at, 0), grid.length), count)
  }
  return { value: numberOf(raw, 'sum') ?? 0, count: integerOf(raw, 'count') ?? 0, bounds: grid, counts }
}

function buckets(raw: object) {
  return { offset: integerOf(raw, 'offset') ?? 0, counts: numbersOf(raw, 'bucketCounts') }
}

// Its quantiles are the sender's, over a time that nobody states: the count and the sum are what adds up.
function summary(raw: object): Partial<DataPoint> {
  return { value: numberOf(raw, 'sum') ?? 0, count: integerOf(raw, 'count') ?? 0 }
}
