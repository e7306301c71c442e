import { afterAll, expect, test } from 'bun:test'
import { accountingChecks } from './accounting'
import { runCheck } from './check'

/** The collector’s metrics: now, and 10 s after its start, 100 s ago. */
let metrics: { now: Record<string, number>; first: Record<string, number> }
const exporters = { log_records: 'otlp_http/loki', metric_points: 'otlp_http/prometheus' }

const prometheus = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  async fetch(request) {
    const { time } = Object.fromEntries(new URLSearchParams(await request.text()))
    const agoS = time ? Date.now() / 1000 - Number(time) : 0
    const values =
      agoS > 50 ? { ...metrics.first, process_uptime: 100 - agoS } : { ...metrics.now, process_uptime: 100 }
    const result = Object.entries(values).flatMap(([name, value]) =>
      Object.entries(exporters).map(([items, exporter]) => ({
        metric: {
          __name__: `otelcol_${name.replace('ITEMS', items)}`,
          exporter,
          processor: 'redaction',
          otel_signal: items === 'log_records' ? 'logs' : 'metrics',
        },
        value: [0, String(name === 'process_uptime' ? value / 2 : value)],
      })),
    )
    return Response.json({ data: { resultType: 'vector', result } })
  },
})
afterAll(() => prometheus.stop(true))

const figures = (accepted: number, exported: number, sent: number, queued = 0) => ({
  receiver_accepted_ITEMS: accepted,
  processor_incoming_items: exported,
  exporter_sent_ITEMS: sent,
  exporter_queue_size: queued,
})

// The fake Prometheus reports each figure twice, once per exporter.
const filtered = (of: ReturnType<typeof figures>) => ({ ...of, processor_filter_datapoints_filtered: 1 })

test.each([
  ['all sent', figures(10, 10, 8, 2), figures(1, 1, 1), 'log records', true, 'unaccounted 0'],
  ['logs dropped by a processor', figures(10, 8, 8), figures(1, 1, 1), 'log records', false, 'unaccounted 2'],
  ['points created from spans', figures(10, 15, 15), figures(1, 1, 1), 'metric points', true, 'created 5'],
  [
    'points lost before the exporter',
    figures(10, 8, 8),
    figures(1, 1, 1),
    'metric points',
    false,
    'lost before the exporter 2',
  ],
  ['filtered points of k6', filtered(figures(10, 8, 8)), figures(1, 1, 1), 'metric points', true, 'filtered 2'],
  [
    'records queued before the start',
    figures(10, 10, 17),
    figures(1, 1, 5, 3),
    'log records',
    true,
    '7 were in the queue at',
  ],
  ['more sent than accepted', figures(10, 10, 17), figures(1, 1, 1), 'log records', false, 'unaccounted -7'],
])('%s', async (_, now, first, items, ok, seen) => {
  metrics = { now, first }
  const checks = accountingChecks({ prometheus: prometheus.url.origin }, 0)
  const check = checks.find(({ name }) => name.endsWith(items))
  if (!check) throw new Error(`no check of ${items}`)
  expect(await runCheck(check)).toMatchObject({ ok, seen: expect.stringContaining(seen) })
})
