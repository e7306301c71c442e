import {
  allLabels,
  type Entry,
  evaluateLines,
  evaluateMetric,
  keyOf,
  type Labels,
  nonEmpty,
  PipelineError,
  type Point,
} from './naive'
import type { MetricQuery, Request } from './query'

/** The parts of a Loki API response that are compared. */
export interface EngineResponse {
  status: number
  body: string
}

interface Stream {
  stream: Labels
  values: [time: string, line: string, categories?: { structuredMetadata?: Labels; parsed?: Labels }][]
}

interface Series {
  metric: Labels
  value?: [number, string]
  values?: [number, string][]
}

/**
 * Describes the first difference between a response and the naive evaluator's result; `undefined` when they are equal. Does
 * not compare what Loki leaves undefined: the order of streams and of lines with equal times, which of those a limit leaves
 * out, and which of equal values `topk` takes.
 */
export function difference(request: Request, entries: Entry[], received: EngineResponse): string | undefined {
  try {
    if (request.kind === 'lines') return differenceOfLines(request, entries, received)
    return differenceOfMetric(request, entries, received)
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error
    return received.status === 400 ? undefined : `a line has __error__: expected 400, received ${summary(received)}`
  }
}

function differenceOfLines(
  request: Extract<Request, { kind: 'lines' }>,
  entries: Entry[],
  received: EngineResponse,
): string | undefined {
  const sign = request.direction === 'forward' ? 1 : -1
  const expected = evaluateLines(entries, request.query, request.startNs, request.endNs)
    .map((entry) => ({ timeNs: entry.timeNs, key: keyOfEntry(entry, request.isCategorized) }))
    .sort((one, other) => sign * compareNs(one.timeNs, other.timeNs))
  const streams = resultOf<Stream>(received, 'streams')
  if (typeof streams === 'string') return streams

  const seen = new Set<string>()
  const actual: { timeNs: bigint; key: string }[] = []
  for (const { stream, values } of streams) {
    const key = keyOf(stream)
    if (seen.has(key)) return `the stream ${key} occurs twice in the response`
    seen.add(key)
    const times = values.map(([time]) => BigInt(time))
    if (times.some((time, index) => index > 0 && sign * compareNs(times[index - 1] ?? time, time) > 0))
      return `the lines of ${key} are not in order: ${times.join(', ')}`
    for (const value of values) actual.push(keyOfValue(stream, value, request.isCategorized))
  }

  const count = Math.min(request.limit ?? 100, expected.length)
  if (actual.length !== count)
    return `expected ${count} lines, received ${actual.length}${firstMissing(expected, actual)}`
  const lastNs = expected[count - 1]?.timeNs
  const missing = expected.filter(({ timeNs }) => lastNs !== undefined && sign * compareNs(timeNs, lastNs) < 0)
  return firstMissing(missing, actual) || firstUnexpected(expected, actual)
}

function differenceOfMetric(
  request: Exclude<Request, { kind: 'lines' }>,
  entries: Entry[],
  received: EngineResponse,
): string | undefined {
  const times = request.kind === 'vector' ? [request.timeS] : []
  if (request.kind === 'matrix')
    for (let timeS = request.startS; timeS <= request.endS; timeS += request.stepS) times.push(timeS)
  const expected = times.map((timeS) => evaluateMetric(entries, request.query.metric, timeS))
  const series = resultOf<Series>(received, request.kind)
  if (typeof series === 'string') return series

  const keys = series.map(({ metric }) => keyOf(metric))
  if (new Set(keys).size !== keys.length) return `a series occurs twice in the response: ${keys.join(' ')}`
  const actual = new Map<number, Point[]>(times.map((timeS) => [timeS, []]))
  for (const { metric, value, values = [] } of series) {
    for (const [timeS, text] of value ? [value] : values) {
      const points = actual.get(timeS)
      if (!points) return `a point at ${timeS}, which is not a step`
      points.push({ labels: metric, value: Number(text) })
    }
  }
  for (const [index, timeS] of times.entries()) {
    const wrong = differenceOfVector(request.query, expected[index] ?? [], actual.get(timeS) ?? [])
    if (wrong) return `at ${timeS}: ${wrong}`
  }
  return undefined
}

function differenceOfVector({ top }: MetricQuery, expected: Point[], actual: Point[]): string | undefined {
  const values = new Map(expected.map(({ labels, value }) => [keyOf(labels), value]))
  for (const { labels, value } of actual) {
    const right = values.get(keyOf(labels))
    if (right === undefined) return `unexpected series ${keyOf(labels)} ${value}`
    if (!isNear(value, right)) return `series ${keyOf(labels)} is ${value}, expected ${right}`
  }
  const largest = expected.map(({ value }) => value).sort((one, other) => other - one)
  const expectedValues = largest.slice(0, top ?? largest.length)
  const actualValues = actual.map(({ value }) => value).sort((one, other) => other - one)
  const isSame =
    actualValues.length === expectedValues.length &&
    actualValues.every((value, index) => isNear(value, expectedValues[index] ?? Number.NaN))
  return isSame ? undefined : `expected the values ${expectedValues.join(', ')}, received ${actualValues.join(', ')}`
}

function keyOfEntry(entry: Entry, isCategorized: boolean): string {
  if (!isCategorized) return JSON.stringify([keyOf(allLabels(entry)), entry.line])
  return JSON.stringify([keyOf(entry.labels), entry.line, keyOf(entry.metadata), keyOf(entry.parsed)])
}

function keyOfValue(stream: Labels, [time, line, categories]: Stream['values'][number], isCategorized: boolean) {
  const parts = isCategorized
    ? [
        keyOf(stream),
        line,
        keyOf(categories?.structuredMetadata ?? {}),
        keyOf(withoutDetails(categories?.parsed ?? {})),
      ]
    : [keyOf(withoutDetails(stream)), line]
  return { timeNs: BigInt(time), key: JSON.stringify(parts) }
}

/** The text of `__error_details__` is not documented. */
function withoutDetails({ __error_details__: _, ...labels }: Labels): Labels {
  return nonEmpty(labels)
}

function resultOf<T>(received: EngineResponse, type: string): T[] | string {
  if (received.status !== 200) return `expected 200, received ${summary(received)}`
  const { data } = JSON.parse(received.body) as { data?: { resultType?: string; result?: T[] } }
  if (data?.resultType !== type || !Array.isArray(data.result)) return `expected ${type}, received ${summary(received)}`
  return data.result
}

type Keyed = { timeNs: bigint; key: string }

function firstMissing(expected: Keyed[], actual: Keyed[]): string | undefined {
  const left = counted(actual)
  const missing = expected.find((one) => !take(left, one))
  return missing ? `; missing at ${missing.timeNs}: ${missing.key}` : undefined
}

function firstUnexpected(expected: Keyed[], actual: Keyed[]): string | undefined {
  const left = counted(expected)
  const unexpected = actual.find((one) => !take(left, one))
  return unexpected ? `unexpected at ${unexpected.timeNs}: ${unexpected.key}` : undefined
}

function counted(all: Keyed[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { timeNs, key } of all) counts.set(`${timeNs} ${key}`, (counts.get(`${timeNs} ${key}`) ?? 0) + 1)
  return counts
}

function take(counts: Map<string, number>, { timeNs, key }: Keyed): boolean {
  const count = counts.get(`${timeNs} ${key}`) ?? 0
  counts.set(`${timeNs} ${key}`, count - 1)
  return count > 0
}

const summary = ({ status, body }: EngineResponse): string => `${status} ${body.slice(0, 300)}`

const compareNs = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0)

/** Allows rounding errors, because the order of a summation is not defined. */
const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other))
