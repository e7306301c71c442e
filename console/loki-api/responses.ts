import { keyOf, type Labels } from '../logql/labels'
import type { Series, Steps } from '../logql/metrics'
import type { Row } from '../logql/pipeline'
import { QueryError } from '../logql/query'

// The same as Loki's limit in loki.yaml (grpc_server_max_send_msg_size).
const maxResponseLength = 32 * 1024 * 1024

interface Stream {
  stream: Labels
  values: unknown[]
}

/** Rows in Loki's format: a stream has the index labels, structured metadata and parsed labels of its rows. */
export function streams(rows: AsyncIterable<Row>): Promise<Stream[]> {
  return grouped(rows, (row) => ({ labels: row.labels(), value: [String(row.entry.timeNs), row.line] }))
}

/** Rows in Loki's format for Grafana: a stream has index labels, and each row its structured metadata and parsed labels. */
export function categorizedStreams(rows: AsyncIterable<Row>): Promise<Stream[]> {
  return grouped(rows, (row) => {
    const { stream, metadata } = row.stored()
    const parsed = row.parsed()
    const kinds = { ...only('structuredMetadata', metadata), ...only('parsed', parsed) }
    return { labels: stream, value: [String(row.entry.timeNs), row.line, kinds] }
  })
}

const only = (name: string, labels: Labels) => (Object.keys(labels).length > 0 ? { [name]: labels } : {})

async function grouped(
  rows: AsyncIterable<Row>,
  shape: (row: Row) => { labels: Labels; value: unknown[] },
): Promise<Stream[]> {
  const found = new Map<string, Stream>()
  let length = 0
  for await (const row of rows) {
    const { labels, value } = shape(row)
    const key = keyOf(labels)
    length += row.line.length + key.length
    if (length > maxResponseLength) {
      throw new QueryError('the lines have more than 32 MB: use a lower limit, a shorter range or a filter')
    }
    const stream = found.get(key) ?? { stream: labels, values: [] }
    stream.values.push(value)
    found.set(key, stream)
  }
  return [...found.values()]
}

/** Series as a matrix in Prometheus' format, without points for steps that have no value. */
export function matrix(series: Series[], { startNs, stepNs }: Steps) {
  return inLabelOrder(series).map(({ labels, values }) => {
    const points: [number, string][] = []
    values.forEach((value, step) => {
      if (!Number.isNaN(value)) points.push([seconds(startNs + BigInt(stepNs) * BigInt(step)), sample(value)])
    })
    return { metric: labels, values: points }
  })
}

/** Series with one step as a vector in Prometheus' format, by value in descending order where `isRanked`. */
export function vector(series: Series[], timeNs: bigint, isRanked: boolean) {
  const present = inLabelOrder(series)
  if (isRanked) present.sort((a, b) => (b.values[0] ?? 0) - (a.values[0] ?? 0))
  return present.map(({ labels, values }) => ({ metric: labels, value: [seconds(timeNs), sample(values[0] ?? 0)] }))
}

// Without series that have no value.
const inLabelOrder = (series: Series[]) =>
  series
    .filter(({ values }) => values.some((value) => !Number.isNaN(value)))
    .map((one) => ({ ...one, key: keyOf(one.labels) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))

const seconds = (ns: bigint): number => Number(ns / 1_000_000n) / 1000

// As Prometheus formats a number: never with an exponent.
function sample(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN'
  const text = String(value)
  if (!text.includes('e')) return text
  return value.toLocaleString('en-US', { useGrouping: false, maximumSignificantDigits: 17 })
}
