import { type InstrumentMeter, instruments, type Reading } from '../metrics/instruments'
import type { Signal } from '../settings/endpoint'
import { layer } from '../signals'
import type { ExportLine } from './pipeline'

/** What the items of a signal are called in the names of metrics. */
export const items = { traces: 'span', logs: 'log', metrics: 'metric_data_point' } as const

/** Items that never reached a receiver, by signal. */
export function lostOf(lines: ExportLine[]): Record<Signal, number> {
  const lost: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 }
  for (const { endpoint, outbox } of lines)
    lost[endpoint.signal] += sum(outbox.tally.failed) + sum(outbox.tally.dropped)
  return lost
}

/** The layer's own metrics. Source: semantic conventions 1.44, "OpenTelemetry SDK metrics". */
export function observeExport(meter: InstrumentMeter, lines: ExportLine[]): void {
  for (const line of lines) {
    observeExporter(meter, line)
    // Points of metrics go straight from the reader into the exporter's queue.
    const { signal } = line.endpoint
    if (signal !== 'metrics') observeProcessor(meter, signal, line)
  }
}

function observeExporter(meter: InstrumentMeter, { endpoint, outbox: { tally } }: ExportLine): void {
  const { gauge } = instruments(meter)
  const { signal, protocol } = endpoint
  const encoding = protocol === 'http/protobuf' ? 'http' : 'http_json'
  const exporter = component(`otlp_${encoding}_${signal === 'metrics' ? 'metric' : items[signal]}_exporter`)

  gauge(declared[signal].exported, () => {
    const failed = signal === 'metrics' ? [...tally.failed, ...tally.dropped] : [...tally.failed]
    const reasons = failed.map(([reason, count]): Reading => [count, { ...exporter, 'error.type': reason }])
    return [[tally.exported, exporter], ...reasons]
  })
  gauge(declared[signal].inFlight, () => [[tally.inFlight, exporter]])
}

function observeProcessor(meter: InstrumentMeter, signal: 'traces' | 'logs', { outbox, gathering }: ExportLine): void {
  const { gauge } = instruments(meter)
  const { tally, limits } = outbox
  const processor = component(`batching_${items[signal]}_processor`)

  gauge(declared[signal].processed, () => {
    const dropped = [...new Map([['queue_full', 0], ...tally.dropped])]
    const reasons = dropped.map(([reason, count]): Reading => [count, { ...processor, 'error.type': reason }])
    return [[tally.exported + sum(tally.failed), processor], ...reasons]
  })
  gauge(declared[signal].queued, () => [[tally.queued + gathering(), processor]])
  gauge(declared[signal].capacity, () => [[limits.maxItems, processor]])
}

const { metrics } = layer
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
