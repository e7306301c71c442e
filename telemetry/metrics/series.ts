import type { Attributes, AttributeValue, HrTime } from '@opentelemetry/api'
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics'

/** The aggregated values of one attribute set. */
export interface Series<V> {
  /** Whether a value was recorded since the last `reset`. */
  hasChanged: boolean
  value(): V
  reset(): void
}

// Source: OpenTelemetry specification, "Cardinality Limits".
const overflow: Readonly<Attributes> = Object.freeze({ 'otel.metric.overflow': true })

/**
 * The series of one instrument, found by the identity of a frozen attributes object or by the attributes' content. New
 * attribute sets beyond `maxSeries` are aggregated in an overflow series, which bounds memory.
 */
export class SeriesSet<V, S extends Series<V>> {
  readonly #byObject = new Map<Attributes, S>()
  readonly #byKey = new Map<string, { attributes: Attributes; series: S; startTime?: HrTime }>()

  constructor(
    readonly create: () => S,
    readonly maxSeries = 2000,
  ) {}

  of(attributes: Attributes): S {
    return this.#byObject.get(attributes) ?? this.#find(attributes)
  }

  points(lastTime: HrTime, endTime: HrTime, isDelta: boolean): DataPoint<V>[] {
    const points: DataPoint<V>[] = []
    for (const [key, entry] of this.#byKey) {
      const { attributes, series } = entry
      // A series starts at the previous collection, not with the process: a backend that assumes 0 at the start time then
      // sees the first 503 of an hour as an increase of this minute.
      if (isDelta || !entry.startTime) entry.startTime = lastTime
      // With delta temporality an unchanged series is removed: it no longer counts against `maxSeries`.
      if (isDelta && !series.hasChanged) this.#byKey.delete(key)
      else points.push({ attributes, startTime: entry.startTime, endTime, value: series.value() })
      if (isDelta) series.reset()
    }
    if (isDelta) this.#byObject.clear()
    return points
  }

  #find(attributes: Attributes): S {
    const defined = Object.entries(attributes).filter(([, value]) => value !== undefined)
    const key = JSON.stringify(
      defined.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, attributeValue(value)]),
    )
    const isFull = this.#byKey.size >= this.maxSeries - 1 && !this.#byKey.has(key)
    const series = isFull ? this.#add('overflow', overflow) : this.#add(key, attributes)
    // The content of an object that isn't frozen may change.
    if (Object.isFrozen(attributes)) {
      if (this.#byObject.size >= this.maxSeries) this.#byObject.clear()
      this.#byObject.set(attributes, series)
    }
    return series
  }

  #add(key: string, attributes: Attributes): S {
    const existing = this.#byKey.get(key)
    if (existing) return existing.series
    const series = this.create()
    const defined = Object.entries(attributes).filter(([, value]) => value !== undefined)
    const converted = defined.map(([key, value]) => [key, attributeValue(value)])
    this.#byKey.set(key, { attributes: Object.freeze(Object.fromEntries(converted)), series })
    return series
  }
}

// Values without a JSON type become strings: a bigint would make the whole export fail.
function attributeValue(value: unknown): AttributeValue {
  if (typeof value === 'string' || typeof value === 'boolean' || Array.isArray(value)) return value as AttributeValue
  return typeof value === 'number' && Number.isFinite(value) ? value : String(value)
}

/** A sum. */
export class SumSeries implements Series<number> {
  sum = 0
  hasChanged = false

  add(value: number): void {
    this.sum += value
    this.hasChanged = true
  }

  value(): number {
    return this.sum
  }

  reset(): void {
    this.sum = 0
    this.hasChanged = false
  }
}

/** A distribution over explicit buckets. */
export class HistogramSeries implements Series<Histogram> {
  hasChanged = false
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
    this.hasChanged = true
  }

  value(): Histogram {
    const buckets = { boundaries: [...this.boundaries], counts: [...this.#counts] }
    const range = this.#count > 0 && { min: this.#min, max: this.#max }
    return { buckets, sum: this.#sum, count: this.#count, ...range }
  }

  reset(): void {
    this.#counts.fill(0)
    this.#sum = 0
    this.#count = 0
    this.#min = Number.POSITIVE_INFINITY
    this.#max = Number.NEGATIVE_INFINITY
    this.hasChanged = false
  }
}
