import {
  type Attributes,
  type Counter,
  type Histogram,
  type HrTime,
  type Meter,
  type MetricOptions,
  ValueType,
} from '@opentelemetry/api'
import { hrTime, type InstrumentationScope } from '@opentelemetry/core'
import { emptyResource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  DataPointType,
  InstrumentType,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics'
import type { Temporality } from '../settings/settings'
import { HistogramSeries, SeriesSet, SumSeries } from './series'
import { temporalitySelector } from './temporality'

/** The synchronous instruments of the API's `Meter`, which are on the hot path of requests. */
export type SynchronousMeter = Pick<Meter, 'createCounter' | 'createUpDownCounter' | 'createHistogram'>

type HistogramValue = ReturnType<HistogramSeries['value']>

const noAttributes: Attributes = Object.freeze({})
const defaultBuckets = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000]

/**
 * Counters and histograms at a tenth of the SDK's cost, which hashes the attributes at each measurement. The SDK's metric
 * readers read them as a `MetricProducer`.
 */
export function synchronousMeter(
  scope: InstrumentationScope,
  preference: Temporality,
): { meter: SynchronousMeter; producer: MetricProducer } {
  const select = temporalitySelector(preference)
  let lastTime = hrTime()
  const collectors: ((endTime: HrTime) => MetricData)[] = []
  const created = new Map<string, { kind: string; instrument: Counter | Histogram }>()

  const temporalityOf = (type: InstrumentType) => {
    const isDelta = select(type) === AggregationTemporality.DELTA
    return { isDelta, aggregationTemporality: select(type) }
  }

  function sum(name: string, options: MetricOptions | undefined, type: InstrumentType): Counter {
    const isMonotonic = type === InstrumentType.COUNTER
    const series = new SeriesSet<number, SumSeries>(() => new SumSeries())
    const { isDelta, aggregationTemporality } = temporalityOf(type)
    const data = {
      descriptor: describe(name, options),
      aggregationTemporality,
      dataPointType: DataPointType.SUM as const,
    }
    collectors.push((endTime) => ({ ...data, isMonotonic, dataPoints: series.points(lastTime, endTime, isDelta) }))
    return {
      add(value, attributes = noAttributes) {
        // A NaN would stay in the sum, and receivers reject the whole request that contains it.
        if (isMonotonic ? value >= 0 && value < Number.POSITIVE_INFINITY : Number.isFinite(value))
          series.of(attributes).add(value)
      },
    }
  }

  function histogram(name: string, options: MetricOptions | undefined): Histogram {
    const boundaries = options?.advice?.explicitBucketBoundaries ?? defaultBuckets
    const series = new SeriesSet<HistogramValue, HistogramSeries>(() => new HistogramSeries(boundaries))
    const { isDelta, aggregationTemporality } = temporalityOf(InstrumentType.HISTOGRAM)
    const dataPointType = DataPointType.HISTOGRAM as const
    const data = { descriptor: describe(name, options), aggregationTemporality, dataPointType }
    collectors.push((endTime) => ({ ...data, dataPoints: series.points(lastTime, endTime, isDelta) }))
    return {
      record(value, attributes = noAttributes) {
        if (value >= 0 && value < Number.POSITIVE_INFINITY) series.of(attributes).record(value)
      },
    }
  }

  // Equal names share one instrument, as in the SDK.
  function createOnce<I extends Counter | Histogram>(name: string, kind: string, create: () => I): I {
    const existing = created.get(name)
    if (existing && existing.kind !== kind)
      throw new Error(`the metric ${name} can't be a ${kind}: it is a ${existing.kind}`)
    if (existing) return existing.instrument as I
    const instrument = create()
    created.set(name, { kind, instrument })
    return instrument
  }

  const meter: SynchronousMeter = {
    createCounter: (name, options) => createOnce(name, 'counter', () => sum(name, options, InstrumentType.COUNTER)),
    createUpDownCounter: (name, options) =>
      createOnce(name, 'up-down counter', () => sum(name, options, InstrumentType.UP_DOWN_COUNTER)),
    createHistogram: (name, options) => createOnce(name, 'histogram', () => histogram(name, options)),
  }

  const producer: MetricProducer = {
    async collect() {
      const endTime = hrTime()
      const metrics = collectors.map((collect) => collect(endTime)).filter(({ dataPoints }) => dataPoints.length > 0)
      lastTime = endTime
      const scopeMetrics = metrics.length > 0 ? [{ scope, metrics }] : []
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] }
    },
  }
  return { meter, producer }
}

const describe = (name: string, options: MetricOptions = {}) => ({
  name,
  description: options.description ?? '',
  unit: options.unit ?? '',
  valueType: options.valueType ?? ValueType.DOUBLE,
})
