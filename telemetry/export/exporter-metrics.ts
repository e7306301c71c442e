import { builtInDeclarations } from '../built-in-declarations'
import { type InstrumentMeter, instruments, type Observation } from '../metrics/instruments'
import type { Signal } from '../settings/endpoint'
import type { SignalExporter } from './pipeline'

/** The names of spans, log records and data points in the names of the SDK's metrics. */
export const itemNames = { traces: 'span', logs: 'log', metrics: 'metric_data_point' } as const

/** Counts spans, log records and data points that no receiver accepted. */
export function countLost(exporters: SignalExporter[]): Record<Signal, number> {
  const lost: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 }
  for (const { endpoint, queue } of exporters)
    lost[endpoint.signal] += sum(queue.counts.failed) + sum(queue.counts.dropped)
  return lost
}

/** Observes the export itself. Source: semantic conventions 1.44, "OpenTelemetry SDK metrics". */
export function observeExport(meter: InstrumentMeter, exporters: SignalExporter[]): void {
  for (const exporter of exporters) {
    observeExporter(meter, exporter)
    // Data points have no processor: the reader enqueues them itself.
    const { signal } = exporter.endpoint
    if (signal !== 'metrics') observeProcessor(meter, signal, exporter)
  }
}

function observeExporter(meter: InstrumentMeter, { endpoint, queue: { counts } }: SignalExporter): void {
  const { observe } = instruments(meter)
  const { signal, protocol } = endpoint
  const encoding = protocol === 'http/protobuf' ? 'http' : 'http_json'
  const attributes = component(`otlp_${encoding}_${signal === 'metrics' ? 'metric' : itemNames[signal]}_exporter`)

  observe(declarations[signal].exported, () => {
    const failed = signal === 'metrics' ? [...counts.failed, ...counts.dropped] : [...counts.failed]
    const reasons = failed.map(([reason, count]): Observation => [count, { ...attributes, 'error.type': reason }])
    return [[counts.exported, attributes], ...reasons]
  })
  observe(declarations[signal].inFlight, () => [[counts.inFlight, attributes]])
}

function observeProcessor(
  meter: InstrumentMeter,
  signal: 'traces' | 'logs',
  { queue, batcherSize }: SignalExporter,
): void {
  const { observe } = instruments(meter)
  const { counts, limits } = queue
  const processor = component(`batching_${itemNames[signal]}_processor`)

  observe(declarations[signal].processed, () => {
    const dropped = [...new Map([['queue_full', 0], ...counts.dropped])]
    const reasons = dropped.map(([reason, count]): Observation => [count, { ...processor, 'error.type': reason }])
    return [[counts.exported + sum(counts.failed), processor], ...reasons]
  })
  observe(declarations[signal].queued, () => [[counts.queued + batcherSize(), processor]])
  observe(declarations[signal].capacity, () => [[limits.maxItems, processor]])
}

const { metrics } = builtInDeclarations
const declarations = {
  traces: {
    exported: metrics.spansExported,
    inFlight: metrics.spansInFlight,
    processed: metrics.spansProcessed,
    queued: metrics.spansQueued,
    capacity: metrics.spanQueueCapacity,
  },
  logs: {
    exported: metrics.logsExported,
    inFlight: metrics.logsInFlight,
    processed: metrics.logsProcessed,
    queued: metrics.logsQueued,
    capacity: metrics.logQueueCapacity,
  },
  metrics: { exported: metrics.pointsExported, inFlight: metrics.pointsInFlight },
}

const component = (type: string) => ({ 'otel.component.type': type, 'otel.component.name': `${type}/0` })
const sum = (counts: Map<string, number>) => [...counts.values()].reduce((total, count) => total + count, 0)
