import { keyOf, type Labels, noLabels, pickLabels } from './labels'
import { Row, runStages } from './pipeline'
import { type MetricQuery, QueryError, type RangeAggregation, type TopK, type VectorAggregation } from './query'
import { conditionsOf, type LogEntry, type LogSource } from './source'

/** The moments at which a metric query is evaluated. */
export interface Steps {
  /** Nanoseconds since 1970 of the first one. */
  startNs: bigint
  stepNs: number
  count: number
}

/** A series with one value per step; `NaN` for a step without a value. */
export interface Series {
  labels: Labels
  values: Float64Array
}

// Limits a query to 64 MB: a series has two numbers of 8 bytes for each step.
const maxNumbers = 8_000_000
const maxGroups = 20_000

/** Evaluates a metric query. @throws QueryError for a line with an `__error__`, or for too many series */
export async function evaluateMetric(source: LogSource, query: MetricQuery, steps: Steps): Promise<Series[]> {
  switch (query.kind) {
    case 'vector':
      return [{ labels: {}, values: new Float64Array(steps.count).fill(query.value) }]
    case 'sum':
      return [{ labels: {}, values: new Float64Array(steps.count).fill(query.left.value + query.right.value) }]
    case 'range':
      return rangeSeries(source, query, steps)
    case 'topk':
      return topK(await evaluateMetric(source, query.of, steps), query, steps.count)
    case 'aggregation':
      // A sum of counts is a count by fewer labels.
      if (query.operation === 'sum' && query.of.kind === 'range') return rangeSeries(source, query.of, steps, query.by)
      return aggregate(await evaluateMetric(source, query.of, steps), query, steps.count)
  }
}

/** Counts lines or their bytes in the window before each step, by all labels or by those in `by`. */
async function rangeSeries(source: LogSource, query: RangeAggregation, steps: Steps, by?: string[]): Promise<Series[]> {
  const { logs, rangeNs, operation } = query
  const { startNs, stepNs, count } = steps
  const groups = new Groups(count)
  const conditions = conditionsOf(logs)
  const endNs = startNs + BigInt(stepNs) * BigInt(count - 1) + 1n
  const selection = { matchers: logs.matchers, conditions, startNs: startNs - BigInt(rangeNs) + 1n, endNs }
  for await (const batch of source.entries({ ...selection, direction: 'any' })) batch.forEach(countEntry)
  const divisor = operation === 'rate' ? rangeNs / 1e9 : 1
  return groups.all().map(({ labels, values, lines }) => ({ labels, values: accumulated(values, lines, divisor) }))

  function countEntry(entry: LogEntry): void {
    const row = new Row(entry)
    // All stages run, because a source need not test the conditions.
    if (!runStages(logs.stages, row)) return
    if (row.label('__error__') !== undefined) {
      const { __error__: error = '', __error_details__: details = '' } = row.parsed()
      throw new QueryError(`pipeline error ${error} (${details}): filter such lines out with | __error__=""`)
    }
    const offsetNs = Number(entry.timeNs - startNs)
    const first = Math.max(0, Math.ceil(offsetNs / stepNs))
    const end = Math.min(count, Math.ceil((offsetNs + rangeNs) / stepNs))
    if (first >= end) return
    const amount = operation === 'bytes_over_time' ? row.lineBytes : 1
    const { values, lines } = by ? groups.ofRow(row, by) : groups.of(row.labels())
    add(values, first, end, amount)
    add(lines, first, end, 1)
  }
}

// Stores the difference between one step and the next, so that the cost of a line does not depend on the range.
function add(differences: Float64Array, first: number, end: number, amount: number): void {
  differences[first] = (differences[first] ?? 0) + amount
  if (end < differences.length) differences[end] = (differences[end] ?? 0) - amount
}

function accumulated(differences: Float64Array, lines: Float64Array, divisor: number): Float64Array {
  let total = 0
  let count = 0
  return differences.map((difference, step) => {
    total += difference
    count += lines[step] ?? 0
    return count > 0 ? total / divisor : Number.NaN
  })
}

function aggregate(inner: Series[], { operation, by }: VectorAggregation, count: number): Series[] {
  const groups = new Groups(count)
  for (const { labels, values } of inner) {
    const group = groups.of(pickLabels(labels, by))
    values.forEach((value, step) => {
      if (Number.isNaN(value)) return
      const members = group.lines[step] ?? 0
      group.lines[step] = members + 1
      group.values[step] = combine[operation](members === 0 ? undefined : group.values[step], value)
    })
  }
  return groups.all().map(({ labels, values, lines }) => ({
    labels,
    values: values.map((value, step) => {
      const members = lines[step] ?? 0
      if (members === 0) return Number.NaN
      return operation === 'avg' ? value / members : value
    }),
  }))
}

const combine: Record<VectorAggregation['operation'], (soFar: number | undefined, value: number) => number> = {
  sum: (soFar = 0, value) => soFar + value,
  avg: (soFar = 0, value) => soFar + value,
  count: (soFar = 0) => soFar + 1,
  max: (soFar = -Infinity, value) => Math.max(soFar, value),
  min: (soFar = Infinity, value) => Math.min(soFar, value),
}

/** The `k` largest series of each group, at each step. Series have all their labels. */
function topK(inner: Series[], { k, by }: TopK, count: number): Series[] {
  const chosen = inner.map(({ labels }) => ({ labels, values: new Float64Array(count).fill(Number.NaN) }))
  const groups = Map.groupBy(inner.keys(), (index) => keyOf(pickLabels(inner[index]?.labels ?? {}, by)))
  for (const members of groups.values()) {
    for (let step = 0; step < count; step++) {
      const valueAt = (index: number) => inner[index]?.values[step] ?? Number.NaN
      const present = members.filter((index) => !Number.isNaN(valueAt(index)))
      present.sort((a, b) => valueAt(b) - valueAt(a))
      for (const index of present.slice(0, k)) {
        const series = chosen[index]
        if (series) series.values[step] = valueAt(index)
      }
    }
  }
  return chosen.filter(({ values }) => values.some((value) => !Number.isNaN(value)))
}

interface Group {
  labels: Labels
  values: Float64Array
  /** The number of lines or series in each value. */
  lines: Float64Array
}

class Groups {
  readonly #groups = new Map<string, Group>()

  constructor(readonly steps: number) {}

  of(labels: Labels): Group {
    const key = keyOf(labels)
    return this.#groups.get(key) ?? this.#add(key, labels)
  }

  /** The group of a row by these labels only, without a set of all its labels. */
  ofRow(row: Row, names: string[]): Group {
    const values = names.map((name) => row.label(name) ?? '')
    const key = JSON.stringify(values)
    const existing = this.#groups.get(key)
    if (existing) return existing
    const labels = noLabels()
    for (const [index, name] of names.entries()) if (values[index]) labels[name] = values[index]
    return this.#add(key, labels)
  }

  #add(key: string, labels: Labels): Group {
    if (this.#groups.size >= maxGroups || (this.#groups.size + 1) * this.steps * 2 > maxNumbers) {
      throw new QueryError(
        `more than ${this.#groups.size} series over ${this.steps} steps: group by fewer labels, or use a longer step`,
      )
    }
    const group = { labels, values: new Float64Array(this.steps), lines: new Float64Array(this.steps) }
    this.#groups.set(key, group)
    return group
  }

  all(): Group[] {
    return [...this.#groups.values()]
  }
}
