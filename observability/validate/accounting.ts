import { queryPrometheus, type Sample } from '../../stack/clients/prometheus'
import type { Endpoints } from '../../stack/endpoints'
import { type Check, type CheckResult, eventually } from './check'

interface Signal {
  signal: string
  /** The name of its records in the collector’s metrics. */
  items: string
  exporter: string
  /** The last processor before the exporter. */
  last: string
}

const spans: Signal = { signal: 'traces', items: 'spans', exporter: 'otlp_grpc/jaeger', last: 'redaction/stored' }
const logs: Signal = { signal: 'logs', items: 'log_records', exporter: 'otlp_http/loki', last: 'redaction' }
const points: Signal = {
  signal: 'metrics',
  items: 'metric_points',
  exporter: 'otlp_http/prometheus',
  last: 'redaction',
}

// Longer than the sampler’s decision wait.
const samplerWaitS = 8

/** Every record that the collector has accepted since its start is sent, queued, dropped or sampled out. */
export function accountingChecks({ prometheus }: Pick<Endpoints, 'prometheus'>, withinMs = 30_000): Check[] {
  return [
    {
      name: 'The collector accounts for all spans',
      expected: 'accepted = sent + queued + dropped + sampled out, since its start',
      advice: advice(spans),
      run: async () => {
        const idle = await eventually(() => spanBalance(prometheus, true), withinMs)
        // With traffic, some spans are always in the sampler.
        return idle.ok || !idle.seen.startsWith('not idle')
          ? idle
          : eventually(() => spanBalance(prometheus, false), withinMs / 3)
      },
    },
    ...[logs, points].map(
      (signal): Check => ({
        name: `The collector accounts for all ${signal.items.replace('_', ' ')}`,
        expected: `accepted ${signal === points ? '- filtered + created from spans ' : ''}= sent + queued + dropped, since its start`,
        advice: advice(signal),
        run: () => eventually(async () => verdict(prometheus, signal, await figures(prometheus, signal)), withinMs),
      }),
    ),
  ]
}

const advice = ({ exporter }: Signal) =>
  `dropped or unaccounted records are lost: see the collector’s log and its metrics of ${exporter}`

async function spanBalance(prometheus: string, mustBeIdle: boolean): Promise<CheckResult> {
  const found = await figures(prometheus, spans)
  const before = await figures(prometheus, spans, Date.now() / 1000 - samplerWaitS)
  if (mustBeIdle && found.accepted !== before.accepted) return { ok: false, seen: 'not idle: spans arrive' }
  const sampledOut = found.accepted - found.exported
  const sampling = `${mustBeIdle ? 'sampled out' : 'in the sampler or sampled out'} ${sampledOut}`
  const outcome = await verdict(prometheus, spans, found, [sampling])
  // Spans may be missing only when the sampler has sampled out a trace.
  const mayMiss = !mustBeIdle || found.sampledOutTraces > 0
  return sampledOut === 0 || mayMiss ? outcome : { ok: false, seen: `${outcome.seen}, though no trace was sampled out` }
}

type Figures = Awaited<ReturnType<typeof figures>>

/** One query, so that all figures come from one scrape. */
async function figures(prometheus: string, { signal, items, exporter, last }: Signal, atS?: number) {
  const all = await queryPrometheus(
    prometheus,
    `{job="otel-collector", __name__=~"otelcol_(receiver|exporter|processor|process)_.+"}`,
    atS,
  )
  const sum = (name: string, labels: Record<string, string> = {}) => total(all, name, labels)
  return {
    accepted: sum(`receiver_accepted_${items}`),
    exported: sum('processor_incoming_items', { processor: last, otel_signal: signal }),
    sent: sum(`exporter_sent_${items}`, { exporter }),
    queued: sum('exporter_queue_size', { exporter }),
    dropped: sum(`exporter_send_failed_${items}`, { exporter }) + sum(`exporter_enqueue_failed_${items}`, { exporter }),
    // The collector filters k6 metrics that no dashboard uses.
    filtered: signal === points.signal ? sum('processor_filter_datapoints_filtered') : 0,
    uptimeS: sum('process_uptime') + sum('process_uptime_seconds'),
    sampledOutTraces:
      sum('processor_tail_sampling_global_count_traces_sampled', { sampled: 'false' }) +
      sum('processor_tail_sampling_sampling_trace_dropped_too_early'),
  }
}

function total(all: Sample[], name: string, matching: Record<string, string>): number {
  return all
    .filter(({ labels }) => labels.__name__ === `otelcol_${name}` || labels.__name__ === `otelcol_${name}_total`)
    .filter(({ labels }) => Object.entries(matching).every(([key, value]) => labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0)
}

async function verdict(prometheus: string, signal: Signal, found: Figures, more: string[] = []): Promise<CheckResult> {
  const { exported, sent, queued, dropped, filtered } = found
  const accepted = found.accepted - filtered
  const missing = balance(signal, found)
  const before = missing < 0 ? await queuedAtStart(prometheus, signal, found) : 0
  const created = exported > accepted ? [`created ${exported - accepted}`] : []
  const lost = signal === points && exported < accepted ? [`lost before the exporter ${accepted - exported}`] : []
  const parts = [
    `accepted ${found.accepted}`,
    ...(filtered > 0 ? [`filtered ${filtered}`] : []),
    ...created,
    ...lost,
    `sent ${sent}`,
    `queued ${queued}`,
    `dropped ${dropped}`,
    ...more,
  ]
  const queuedNote = before > 0 ? `; ${before} were in the queue at its start` : ''
  const seen = `${parts.join(', ')}; unaccounted ${missing + before}${queuedNote}`
  return { ok: accepted > 0 && dropped === 0 && lost.length === 0 && missing + before === 0, seen }
}

/** Records that are accepted but not accounted for. Spans may be sampled out and points created before the exporter; logs change neither way. */
function balance(signal: Signal, { accepted, exported, sent, queued, dropped }: Figures): number {
  return (signal === logs ? accepted : exported) - sent - queued - dropped
}

/** Records that the queue on disk held at the start are sent without being accepted: the imbalance of the first scrapes. */
async function queuedAtStart(prometheus: string, signal: Signal, { uptimeS }: Figures): Promise<number> {
  const startS = Date.now() / 1000 - uptimeS
  const first = await Promise.all([5, 10, 15, 20].map((afterS) => figures(prometheus, signal, startS + afterS)))
  // Before the first scrape, Prometheus returns values of the previous process.
  const own = first.filter((one) => one.uptimeS > 0 && one.uptimeS < 30)
  return Math.max(0, ...own.map((one) => -balance(signal, one)))
}
