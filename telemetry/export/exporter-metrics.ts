import { builtInDeclarations } from '../built-in-declarations'
import { type InstrumentMeter, instruments, type Observation } from '../metrics/instruments'
import type { Signal } from '../settings/endpoint'
import type { SignalExporter } from './pipeline'

/** What the items of a signal are called in the names of metrics. */
export const itemNames = { traces: 'span', logs: 'log', metrics: 'metric_data_point' } as const

/** Items that never reached a receiver, by signal. */
export function countLost(lines: SignalExporter[]): Record<Signal, number> {
  const lost: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 }
  for (const { endpoint, queue } of lines) lost[endpoint.signal] += sum(queue.counts.failed) + sum(queue.counts.dropped)
  return lost
}

/** The layer's own metrics. Source: semantic conventions 1.44, "OpenTelemetry SDK metrics". */
export function observeExport(meter: InstrumentMeter, lines: SignalExporter[]): void {
  for (const line of lines) {
    observeExporter(meter, line)
    // Points of metrics go straight from the reader into the exporter's queue.
    const { signal } = line.endpoint
    if (signal !== 'metrics') observeProcessor(meter, signal, line)
  }
}

function observeExporter(meter: InstrumentMeter, { endpoint, queue: { counts } }: SignalExporter): void {
  const { observe } = instruments(meter)
  const { signal, protocol } = endpoint
  const encoding = protocol === 'http/protobuf' ? 'http' : 'http_json'
  const exporter = component(`otlp_${encoding}_${signal === 'metrics' ? 'metric' : itemNames[signal]}_exporter`)

  observe(declared[signal].exported, () => {
    const failed = signal === 'metrics' ? [...counts.failed, ...counts.dropped] : [...counts.failed]
    const reasons = failed.map(([reason, count]): Observation => [count, { ...exporter, 'error.type': reason }])
    return [[counts.exported, exporter], ...reasons]
  })
  observe(declared[signal].inFlight, () => [[counts.inFlight, exporter]])
}

function observeProcessor(
  meter: InstrumentMeter,
  signal: 'traces' | 'logs',
  { queue, batcherSize }: SignalExporter,
): void {
  const { observe } = instruments(meter)
  const { counts, limits } = queue
  const processor = component(`batching_${itemNames[signal]}_processor`)

  observe(declared[signal].processed, () => {
    const dropped = [...new Map([['queue_full', 0], ...counts.dropped])]
    const reasons = dropped.map(([reason, count]): Observation => [count, { ...processor, 'error.type': reason }])
    return [[counts.exported + sum(counts.failed), processor], ...reasons]
  })
  observe(declared[signal].queued, () => [[counts.queued + batcherSize(), processor]])
  observe(declared[signal].capacity, () => [[limits.maxItems, processor]])
}

const { metrics } = builtInDeclarations
const declared = {
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
