import { queryPrometheus, type Sample } from '../../stack/clients/prometheus'
import type { Endpoints } from '../../stack/endpoints'
import { type Check, type CheckResult, eventually } from './check'

interface Signal {
  signal: string
  /** How the collector's metrics call its items. */
  items: string
  exporter: string
  /** The last processor before the exporter: what comes to it is to be sent. */
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

// Longer than the sampler keeps a span.
const restS = 8

/** What the collector took in since it started is where it should be, to the item. */
export function accountingChecks({ prometheus }: Pick<Endpoints, 'prometheus'>, withinMs = 30_000): Check[] {
  return [
    {
      name: 'The collector accounts for all spans',
      expected: 'accepted = sent + queued + dropped + sampled out, since its start; at rest none is under way',
      advice: advice(spans),
      run: async () => {
        const atRest = await eventually(() => spanBalance(prometheus, true), withinMs)
        // Where shoppers are, it never rests: then some are in the sampler.
        return atRest.ok || !atRest.seen.startsWith('not at rest')
          ? atRest
          : eventually(() => spanBalance(prometheus, false), withinMs / 3)
      },
    },
    ...[logs, points].map(
      (signal): Check => ({
        name: `The collector accounts for all ${signal.items.replace('_', ' ')}`,
        expected: `accepted ${signal === points ? '- filtered + made from spans ' : ''}= sent + queued + dropped, since its start`,
        advice: advice(signal),
        run: () => eventually(async () => verdict(prometheus, signal, await figures(prometheus, signal)), withinMs),
      }),
    ),
  ]
}

const advice = ({ exporter }: Signal) =>
  `what is dropped or unaccounted for is lost: see the collector’s log, and its metrics of ${exporter}`

async function spanBalance(prometheus: string, mustRest: boolean): Promise<CheckResult> {
  const found = await figures(prometheus, spans)
  const before = await figures(prometheus, spans, Date.now() / 1000 - restS)
  if (mustRest && found.accepted !== before.accepted) return { ok: false, seen: 'not at rest: spans come in' }
  const sampledOut = found.accepted - found.exported
  const said = `${mustRest ? 'sampled out' : 'in the sampler or sampled out'} ${sampledOut}`
  const outcome = await verdict(prometheus, spans, found, [said])
  // Where the sampler has turned no trace away, none may be missing.
  const mayMiss = !mustRest || found.turnedAway > 0
  return sampledOut === 0 || mayMiss ? outcome : { ok: false, seen: `${outcome.seen}, though no trace was sampled out` }
}

type Figures = Awaited<ReturnType<typeof figures>>

/** Of one scrape, so that all are of one moment. */
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
    // Of k6: what no page reads does not go on.
    filtered: signal === points.signal ? sum('processor_filter_datapoints_filtered') : 0,
    uptimeS: sum('process_uptime') + sum('process_uptime_seconds'),
    turnedAway:
      sum('processor_tail_sampling_global_count_traces_sampled', { sampled: 'false' }) +
      sum('processor_tail_sampling_sampling_trace_dropped_too_early'),
  }
}

function total(all: Sample[], name: string, wanted: Record<string, string>): number {
  return all
    .filter(({ labels }) => labels.__name__ === `otelcol_${name}` || labels.__name__ === `otelcol_${name}_total`)
    .filter(({ labels }) => Object.entries(wanted).every(([key, value]) => labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0)
}

async function verdict(prometheus: string, signal: Signal, found: Figures, more: string[] = []): Promise<CheckResult> {
  const { exported, sent, queued, dropped, filtered } = found
  const accepted = found.accepted - filtered
  const missing = balance(signal, found)
  const before = missing < 0 ? await queuedAtStart(prometheus, signal, found) : 0
  const made = exported > accepted ? [`made ${exported - accepted}`] : []
  const lost =
    signal === points && exported < accepted ? [`on the way to the exporter lost ${accepted - exported}`] : []
  const parts = [
    `accepted ${found.accepted}`,
    ...(filtered > 0 ? [`filtered ${filtered}`] : []),
    ...made,
    ...lost,
    `sent ${sent}`,
    `queued ${queued}`,
    `dropped ${dropped}`,
    ...more,
  ]
  const ofBefore = before > 0 ? `; ${before} were in the queue when it started` : ''
  const seen = `${parts.join(', ')}; unaccounted ${missing + before}${ofBefore}`
  return { ok: accepted > 0 && dropped === 0 && lost.length === 0 && missing + before === 0, seen }
}

/** What came and is nowhere. Logs lose none on their way to the exporter; spans may be sampled out, and points are made. */
function balance(signal: Signal, { accepted, exported, sent, queued, dropped }: Figures): number {
  return (signal === logs ? accepted : exported) - sent - queued - dropped
}

/** What the queue on disk held when it started leaves without having come: by so much its first scrapes are out of balance. */
async function queuedAtStart(prometheus: string, signal: Signal, { uptimeS }: Figures): Promise<number> {
  const startS = Date.now() / 1000 - uptimeS
  const first = await Promise.all([5, 10, 15, 20].map((afterS) => figures(prometheus, signal, startS + afterS)))
  // Before the first scrape Prometheus answers what the one before has said.
  const own = first.filter((one) => one.uptimeS > 0 && one.uptimeS < 30)
  return Math.max(0, ...own.map((one) => -balance(signal, one)))
}
