import type { Attributes, Meter, ObservableResult } from '@opentelemetry/api'
import type {
  AttributesOf,
  CounterDeclaration,
  GaugeDeclaration,
  HistogramDeclaration,
  MetricDeclaration,
} from '../declaration'
import type { SynchronousMeter } from './meter'

/** Source: OpenTelemetry API, `Counter` and `UpDownCounter`. */
export interface Counter<L = Attributes> {
  /** Adds a value; negative values for up-down counters only. NaN and Infinity are ignored. */
  add(value: number, attributes?: L): void
}

/** Source: OpenTelemetry API, `Histogram`. */
export interface Histogram<L = Attributes> {
  /** Records a value in the unit of its declaration. Negative values, NaN and Infinity are ignored. */
  record(value: number, attributes?: L): void
}

/** The part of the API's `Meter` that is needed: our own synchronous instruments and the SDK's observable ones. */
export type InstrumentMeter = SynchronousMeter &
  Pick<
    Meter,
    'createObservableGauge' | 'createObservableCounter' | 'createObservableUpDownCounter' | 'addBatchObservableCallback'
  >

export type Observation = [value: number, attributes?: Attributes]

/** Creates instruments on a meter from their declarations. Create each once, at startup. */
export function instruments(meter: InstrumentMeter) {
  return {
    /**
     * A counter or up-down counter, by its declaration. If all attribute values of a counter are declared, its series start
     * at 0, so that Prometheus sees the first event as an increase.
     */
    counter<const D extends CounterDeclaration>(declaration: D): Counter<AttributesOf<D>> {
      const { kind, name } = declaration
      const options = optionsOf(declaration)
      const counter =
        kind === 'upDownCounter' ? meter.createUpDownCounter(name, options) : meter.createCounter(name, options)
      if (kind === 'counter') for (const attributes of enumerableSeries(declaration)) counter.add(0, attributes)
      return counter as Counter<AttributesOf<D>>
    },
    /** A histogram with the declared buckets. */
    histogram<const D extends HistogramDeclaration>(declaration: D): Histogram<AttributesOf<D>> {
      const advice = { explicitBucketBoundaries: [...declaration.buckets] }
      return meter.createHistogram(declaration.name, { ...optionsOf(declaration), advice }) as Histogram<
        AttributesOf<D>
      >
    },
    /** An observable instrument: `read` is called at each collection. If it throws, the collection has no new values. */
    observe(
      declaration: GaugeDeclaration | CounterDeclaration,
      read: () => Promise<Observation[]> | Observation[],
    ): void {
      const options = optionsOf(declaration)
      const createMethod = {
        gauge: 'createObservableGauge',
        counter: 'createObservableCounter',
        upDownCounter: 'createObservableUpDownCounter',
      } as const
      meter[createMethod[declaration.kind]](declaration.name, options).addCallback(async (result: ObservableResult) => {
        for (const [value, attributes] of await read())
          if (Number.isFinite(value)) result.observe(value, attributes ?? {})
      })
    },
  }
}

const optionsOf = ({ unit, description }: MetricDeclaration) => ({ unit, description })

/** All attribute sets of a metric; none if the values of one attribute are not enumerated. */
function enumerableSeries({ attributes = {} }: CounterDeclaration): Attributes[] {
  return Object.entries(attributes).reduce<Attributes[]>(
    (series, [key, values]) =>
      typeof values === 'string'
        ? []
        : series.flatMap((each) => values.map((value) => Object.freeze({ ...each, [key]: value }))),
    [{}],
  )
}
