import { promql } from '../backends'
import { type Check, eventually, type Seen } from './check'
import type { Places } from './places'

/** How the collector names each signal's items, and whose queue they wait in. */
const signals = [
  { signal: 'traces', items: 'spans', exporter: 'otlp_grpc/jaeger', last: 'redaction/stored' },
  { signal: 'logs', items: 'log_records', exporter: 'otlp_http/loki', last: 'redaction' },
  { signal: 'metrics', items: 'metric_points', exporter: 'otlp_http/prometheus', last: 'redaction' },
] as const

/** What the collector took in since it started is where it should be, to the item. */
export function accountingChecks({ prometheus }: Places): Check[] {
  return signals.map(({ signal, items, exporter, last }) => ({
    name: `The collector accounts for all ${items.replace('_', ' ')}`,
    expected: 'accepted + made from spans = sent + queued + dropped + sampled out, since the collector’s start',
    advice: `a difference that stays is lost: see the collector’s log, and its metrics of ${exporter}`,
    run: () => eventually(() => balance(prometheus, signal, items, exporter, last), 45_000),
  }))
}

async function balance(
  prometheus: string,
  signal: string,
  items: string,
  exporter: string,
  last: string,
): Promise<Seen> {
  // One scrape, so that all figures are of one moment.
  const all = await promql(prometheus, `{job="otel-collector", __name__=~"otelcol_(receiver|exporter|processor)_.+"}`)
  const sum = (name: string, wanted: Record<string, string> = {}) =>
    all
      .filter(({ labels }) => labels.__name__ === `otelcol_${name}` || labels.__name__ === `otelcol_${name}_total`)
      .filter(({ labels }) => Object.entries(wanted).every(([key, value]) => labels[key] === value))
      .reduce((total, { value }) => total + value, 0)
  const accepted = sum(`receiver_accepted_${items}`)
  const exported = sum('processor_incoming_items', { processor: last, otel_signal: signal })
  const sent = sum(`exporter_sent_${items}`, { exporter })
  const queued = sum('exporter_queue_size', { exporter })
  const dropped =
    sum(`exporter_send_failed_${items}`, { exporter }) + sum(`exporter_enqueue_failed_${items}`, { exporter })
  const filtered = signal === 'traces' ? sum('processor_filter_spans_filtered', { filter: 'filter/health' }) / 2 : 0
  // Metric points come out more than went in: the span metrics. Spans come out fewer: the sampler.
  const made = Math.max(0, exported - accepted)
  const sampledOut = Math.max(0, accepted - filtered - exported)
  const missing = exported - sent - queued - dropped
  const parts = [
    `accepted ${accepted}`,
    made && `made ${made}`,
    `sent ${sent}`,
    `queued ${queued}`,
    `dropped ${dropped}`,
  ]
  const out = signal === 'traces' && [`sampled out ${sampledOut}`, filtered && `health ${filtered}`]
  const said = [...parts, ...(out || [])].filter(Boolean).join(', ')
  // More than was taken in: the queue on disk held it when the collector started.
  const before = missing < 0 ? `; ${-missing} were in the queue when it started` : ''
  return {
    ok: accepted > 0 && dropped === 0 && missing <= 0,
    seen: `${said}; unaccounted ${Math.max(0, missing)}${before}`,
  }
}
