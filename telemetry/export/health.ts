import type { Logger } from '../logs/logger'
import type { InstrumentMeter } from '../metrics/instruments'
import { outside } from '../scope'
import type { Endpoint, Signal } from '../settings/endpoint'
import type { ExportLine } from './pipeline'

const items = { traces: 'span', logs: 'log', metrics: 'metric_data_point' } as const
const units = { traces: '{span}', logs: '{log_record}', metrics: '{data_point}' } as const

/**
 * Says in one line that receivers stopped taking signals, and in one that all of them do again.
 * @param lost how many items each signal has lost so far.
 */
export function createHealth(log: Logger, lost: () => Record<Signal, number>) {
  const failing = new Map<Signal, string>()
  let lostBefore = lost()
  let sinceMs = 0

  return {
    /** Whether a receiver fails now. */
    isFailing: () => failing.size > 0,
    /** What became of an attempt. */
    heard({ signal, url }: Endpoint, failure?: string): void {
      const wasFailing = failing.size > 0
      if (failure === undefined) failing.delete(signal)
      else failing.set(signal, failure)
      if (failure !== undefined && !wasFailing) outside(() => stopped(url, failure))
      if (wasFailing && failing.size === 0) outside(resumed)
    },
  }

  function stopped(url: string, failure: string): void {
    sinceMs = performance.now()
    lostBefore = lost()
    log.warn('telemetry is not taken; is a receiver listening?', {
      'otel.exporter.endpoint': new URL(url).origin,
      'error.type': failure,
    })
  }

  function resumed(): void {
    const now = lost()
    const seconds = Math.round((performance.now() - sinceMs) / 1000)
    log.info('telemetry is taken again', {
      'otel.exporter.outage_s': seconds,
      ...Object.fromEntries(
        (Object.keys(items) as Signal[]).map((signal) => [
          `otel.exporter.lost.${items[signal]}s`,
          now[signal] - lostBefore[signal],
        ]),
      ),
    })
  }
}

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
    if (line.endpoint.signal !== 'metrics') observeProcessor(meter, line)
  }
}

function observeExporter(meter: InstrumentMeter, { endpoint, outbox: { tally } }: ExportLine): void {
  const { signal, protocol } = endpoint
  const item = items[signal]
  const encoding = protocol === 'http/protobuf' ? 'http' : 'http_json'
  const exporter = component(`otlp_${encoding}_${signal === 'metrics' ? 'metric' : item}_exporter`)
  const unit = units[signal]

  meter
    .createObservableCounter(`otel.sdk.exporter.${item}.exported`, {
      unit,
      description: 'Items whose export has ended; with error.type those that no receiver took',
    })
    .addCallback((result) => {
      const failed = signal === 'metrics' ? [...tally.failed, ...tally.dropped] : tally.failed
      result.observe(tally.exported, exporter)
      for (const [reason, count] of failed) result.observe(count, { ...exporter, 'error.type': reason })
    })
  meter
    .createObservableUpDownCounter(`otel.sdk.exporter.${item}.inflight`, {
      unit,
      description: 'Items under way to a receiver',
    })
    .addCallback((result) => result.observe(tally.inFlight, exporter))
}

function observeProcessor(meter: InstrumentMeter, { endpoint: { signal }, outbox, gathering }: ExportLine): void {
  const { tally, limits } = outbox
  const item = items[signal]
  const unit = units[signal]
  const processor = component(`batching_${item}_processor`)
  const prefix = `otel.sdk.processor.${item}`

  meter
    .createObservableCounter(`${prefix}.processed`, {
      unit,
      description: 'Items that have left the queue; with error.type those that did not fit into it',
    })
    .addCallback((result) => {
      result.observe(tally.exported + sum(tally.failed), processor)
      result.observe(tally.dropped.get('queue_full') ?? 0, { ...processor, 'error.type': 'queue_full' })
    })
  meter
    .createObservableUpDownCounter(`${prefix}.queue.size`, { unit, description: 'Items that wait to be sent' })
    .addCallback((result) => result.observe(tally.queued + gathering(), processor))
  meter
    .createObservableUpDownCounter(`${prefix}.queue.capacity`, { unit, description: 'Items that may wait to be sent' })
    .addCallback((result) => result.observe(limits.maxItems, processor))
}

const component = (type: string) => ({ 'otel.component.type': type, 'otel.component.name': `${type}/0` })
const sum = (counts: Map<string, number>) => [...counts.values()].reduce((total, count) => total + count, 0)
