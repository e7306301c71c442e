import type { Attributes, Meter } from '@opentelemetry/api'
import type { HotMeter } from './meter'

export interface InstrumentOptions {
  /** UCUM unit, or a name in braces for counted things: `s`, `By`, `{order}`. */
  unit: string
  description: string
}

export interface CounterOptions extends InstrumentOptions {
  /** Series created with 0 at start, so that the first event is an increase. Without it: the one series without labels. */
  series?: Attributes[]
}

export interface HistogramOptions extends InstrumentOptions {
  /** Upper bounds of the buckets, in `unit`. */
  buckets: number[]
}

export interface Counter {
  add(value: number, attributes?: Attributes): void
}
export interface Histogram {
  record(value: number, attributes?: Attributes): void
}

/** What instruments are made on: the hot ones may be of our own make, the observed ones are the SDK's. */
export type InstrumentMeter = HotMeter &
  Pick<
    Meter,
    'createObservableGauge' | 'createObservableCounter' | 'createObservableUpDownCounter' | 'addBatchObservableCallback'
  >

/** Seconds; the buckets advised by the semantic conventions, and 0.3: the edge of the latency objective. */
export const httpBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
/** Seconds; the buckets advised for `db.client.operation.duration`, and 0.1 with its neighbours for alerts at 100 ms. */
export const databaseBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.3, 0.5, 1, 5, 10]

/** The instruments that a service may make, on one meter. Make each once, at start. */
export function instruments(meter: InstrumentMeter) {
  return {
    /** A sum that only grows. */
    counter(name: string, { series = [{}], ...options }: CounterOptions): Counter {
      const counter = meter.createCounter(name, options)
      for (const attributes of series) counter.add(0, attributes)
      return counter
    },
    /** A distribution of values, in the buckets given. */
    histogram(name: string, { buckets, ...options }: HistogramOptions): Histogram {
      return meter.createHistogram(name, { ...options, advice: { explicitBucketBoundaries: buckets } })
    },
    /** A value read at each export. `read` answers one value a series; while it throws, the last values stay. */
    gauge(
      name: string,
      options: InstrumentOptions,
      read: () => Promise<[value: number, attributes: Attributes][]> | [value: number, attributes: Attributes][],
    ): void {
      meter.createObservableGauge(name, options).addCallback(async (result) => {
        for (const [value, attributes] of await read()) result.observe(value, attributes)
      })
    },
  }
}
