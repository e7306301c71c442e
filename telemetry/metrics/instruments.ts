import type { Attributes, Meter, ObservableResult } from '@opentelemetry/api'
import type {
  AttributesOf,
  CounterDeclaration,
  GaugeDeclaration,
  HistogramDeclaration,
  MetricDeclaration,
} from '../declaration'
import type { SynchronousMeter } from './meter'

export interface Counter<L = Attributes> {
  add(value: number, labels?: L): void
}
export interface Histogram<L = Attributes> {
  record(value: number, labels?: L): void
}

/** What instruments are made on: the hot ones may be of our own make, the observed ones are the SDK's. */
export type InstrumentMeter = SynchronousMeter &
  Pick<
    Meter,
    'createObservableGauge' | 'createObservableCounter' | 'createObservableUpDownCounter' | 'addBatchObservableCallback'
  >

export type Observation = [value: number, labels?: Attributes]

/** The instruments that a service may make, on one meter, from their declarations. Make each once, at start. */
export function instruments(meter: InstrumentMeter) {
  return {
    /**
     * A sum that only grows (or may go down, where it is declared so). Series whose labels can be listed are there from the
     * start, with 0, so that the first event is an increase.
     */
    counter<const D extends CounterDeclaration>(declaration: D): Counter<AttributesOf<D>> {
      const { kind, name } = declaration
      const options = optionsOf(declaration)
      const counter = kind === 'sum' ? meter.createUpDownCounter(name, options) : meter.createCounter(name, options)
      if (kind === 'counter') for (const labels of listable(declaration)) counter.add(0, labels)
      return counter as Counter<AttributesOf<D>>
    },
    /** A distribution of values, in the buckets given. */
    histogram<const D extends HistogramDeclaration>(declaration: D): Histogram<AttributesOf<D>> {
      const advice = { explicitBucketBoundaries: [...declaration.buckets] }
      return meter.createHistogram(declaration.name, { ...optionsOf(declaration), advice }) as Histogram<
        AttributesOf<D>
      >
    },
    /** Values read at each export. While `read` throws, the last values stay. */
    observe(
      declaration: GaugeDeclaration | CounterDeclaration,
      read: () => Promise<Observation[]> | Observation[],
    ): void {
      const options = optionsOf(declaration)
      const make = {
        gauge: 'createObservableGauge',
        counter: 'createObservableCounter',
        sum: 'createObservableUpDownCounter',
      } as const
      meter[make[declaration.kind]](declaration.name, options).addCallback(async (result: ObservableResult) => {
        for (const [value, labels] of await read()) if (Number.isFinite(value)) result.observe(value, labels ?? {})
      })
    },
  }
}

const optionsOf = ({ unit, description }: MetricDeclaration) => ({ unit, description })

/** All series of a metric, where the values of all its labels are listed. */
function listable({ attributes = {} }: CounterDeclaration): Attributes[] {
  return Object.entries(attributes).reduce<Attributes[]>(
    (series, [key, values]) =>
      typeof values === 'string'
        ? []
        : series.flatMap((one) => values.map((value) => Object.freeze({ ...one, [key]: value }))),
    [{}],
  )
}
