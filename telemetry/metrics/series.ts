import type { Attributes, AttributeValue, HrTime } from '@opentelemetry/api'
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics'

/** What one set of labels has counted. */
export interface Series<V> {
  /** Whether anything came since the last `reset`. */
  isTouched: boolean
  value(): V
  reset(): void
}

// Source: OpenTelemetry specification, "Cardinality Limits".
const overflow: Readonly<Attributes> = Object.freeze({ 'otel.metric.overflow': true })

/**
 * The series of one instrument. Frozen labels are known by their identity, others by what they say. Beyond `most` series
 * everything new is counted in one: whatever a client sends, memory is bounded.
 */
export class SeriesSet<V, S extends Series<V>> {
  readonly #byObject = new Map<Attributes, S>()
  readonly #byText = new Map<string, { attributes: Attributes; series: S; startTime?: HrTime }>()

  constructor(
    readonly create: () => S,
    readonly maxSeries = 2000,
  ) {}

  of(labels: Attributes): S {
    return this.#byObject.get(labels) ?? this.#find(labels)
  }

  points(lastTime: HrTime, endTime: HrTime, isDelta: boolean): DataPoint<V>[] {
    const points: DataPoint<V>[] = []
    for (const [text, entry] of this.#byText) {
      const { attributes, series } = entry
      // A series begins when the program was last asked, not with the program: a store that puts its 0 there sees the first
      // 503 of an hour as an increase of this minute.
      if (isDelta || !entry.startTime) entry.startTime = lastTime
      // In deltas a series counts for as long as something comes: others may have its place then.
      if (isDelta && !series.isTouched) this.#byText.delete(text)
      else points.push({ attributes, startTime: entry.startTime, endTime, value: series.value() })
      if (isDelta) series.reset()
    }
    if (isDelta) this.#byObject.clear()
    return points
  }

  #find(labels: Attributes): S {
    const given = Object.entries(labels).filter(([, value]) => value !== undefined)
    const text = JSON.stringify(given.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, shown(value)]))
    const isFull = this.#byText.size >= this.maxSeries - 1 && !this.#byText.has(text)
    const series = isFull ? this.#add('overflow', overflow) : this.#add(text, labels)
    // Only what can't change may be known by its identity.
    if (Object.isFrozen(labels)) {
      if (this.#byObject.size >= this.maxSeries) this.#byObject.clear()
      this.#byObject.set(labels, series)
    }
    return series
  }

  #add(text: string, labels: Attributes): S {
    const known = this.#byText.get(text)
    if (known) return known.series
    const series = this.create()
    const given = Object.entries(labels).filter(([, value]) => value !== undefined)
    const plain = given.map(([key, value]) => [key, shown(value)])
    this.#byText.set(text, { attributes: Object.freeze(Object.fromEntries(plain)), series })
    return series
  }
}

// What JSON can't say is a text: a bigint would cost the whole export.
function shown(value: unknown): AttributeValue {
  if (typeof value === 'string' || typeof value === 'boolean' || Array.isArray(value)) return value as AttributeValue
  return typeof value === 'number' && Number.isFinite(value) ? value : String(value)
}

/** A sum. */
export class SumSeries implements Series<number> {
  sum = 0
  isTouched = false

  add(value: number): void {
    this.sum += value
    this.isTouched = true
  }

  value(): number {
    return this.sum
  }

  reset(): void {
    this.sum = 0
    this.isTouched = false
  }
}

/** A distribution over explicit buckets. */
export class HistogramSeries implements Series<Histogram> {
  isTouched = false
  #counts: number[]
  #sum = 0
  #count = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  constructor(readonly boundaries: readonly number[]) {
    this.#counts = Array(boundaries.length + 1).fill(0)
  }

  record(value: number): void {
    let bucket = 0
    while (bucket < this.boundaries.length && value > (this.boundaries[bucket] as number)) bucket++
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1
    this.#sum += value
    this.#count++
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
    this.isTouched = true
  }

  value(): Histogram {
    const buckets = { boundaries: [...this.boundaries], counts: [...this.#counts] }
    const seen = this.#count > 0 && { min: this.#min, max: this.#max }
    return { buckets, sum: this.#sum, count: this.#count, ...seen }
  }

  reset(): void {
    this.#counts.fill(0)
    this.#sum = 0
    this.#count = 0
    this.#min = Number.POSITIVE_INFINITY
    this.#max = Number.NEGATIVE_INFINITY
    this.isTouched = false
  }
}
