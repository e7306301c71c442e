import type { Attributes, Meter, ObservableResult } from '@opentelemetry/api'
import type {
  CounterDeclaration,
  GaugeDeclaration,
  HistogramDeclaration,
  LabelsOf,
  MetricDeclaration,
} from '../declare'
import type { HotMeter } from './meter'

export interface Counter<L = Attributes> {
  add(value: number, labels?: L): void
}
export interface Histogram<L = Attributes> {
  record(value: number, labels?: L): void
}

/** What instruments are made on: the hot ones may be of our own make, the observed ones are the SDK's. */
export type InstrumentMeter = HotMeter &
  Pick<
    Meter,
    'createObservableGauge' | 'createObservableCounter' | 'createObservableUpDownCounter' | 'addBatchObservableCallback'
  >

export type Reading = [value: number, labels?: Attributes]

/** The instruments that a service may make, on one meter, from their declarations. Make each once, at start. */
export function instruments(meter: InstrumentMeter) {
  return {
    /**
     * A sum that only grows (or may go down, where it is declared so). Series whose labels can be listed are there from the
     * start, with 0, so that the first event is an increase.
     */
    counter<const D extends CounterDeclaration>(declaration: D): Counter<LabelsOf<D>> {
      const { kind, name } = declaration
      const options = optionsOf(declaration)
      const counter = kind === 'sum' ? meter.createUpDownCounter(name, options) : meter.createCounter(name, options)
      if (kind === 'counter') for (const labels of listable(declaration)) counter.add(0, labels)
      return counter as Counter<LabelsOf<D>>
    },
    /** A distribution of values, in the buckets given. */
    histogram<const D extends HistogramDeclaration>(declaration: D): Histogram<LabelsOf<D>> {
      const advice = { explicitBucketBoundaries: [...declaration.buckets] }
      return meter.createHistogram(declaration.name, { ...optionsOf(declaration), advice }) as Histogram<LabelsOf<D>>
    },
    /** Values read at each export. While `read` throws, the last values stay. */
    gauge(declaration: GaugeDeclaration | CounterDeclaration, read: () => Promise<Reading[]> | Reading[]): void {
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
function listable({ labels = {} }: CounterDeclaration): Attributes[] {
  return Object.entries(labels).reduce<Attributes[]>(
    (series, [key, values]) =>
      typeof values === 'string'
        ? []
        : series.flatMap((one) => values.map((value) => Object.freeze({ ...one, [key]: value }))),
    [{}],
  )
}
