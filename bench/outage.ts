import { createTelemetry } from '@vitrine/telemetry'
import { Hono } from 'hono'
import { systemClock as clock } from '../loadtest/built-in/clock'
import { runOpenLoop, timesAtRate } from '../loadtest/built-in/open-loop'
import { freePort } from '../test/free-port'
import { markdownTable, print } from './print'
import { startReceiver } from './receiver'

const requestsPerS = 1000

/**
 * A receiver that is down for `downS` seconds under 1000 requests/s, each with two spans and a log record, and up for a tenth of
 * that before and afterwards. Shows that memory is bounded, that requests are no slower, and that every span and log record is
 * received or counted as dropped.
 */
export async function outage(downS = 600): Promise<Record<string, number>> {
  const port = freePort()
  const lines: string[] = []
  const telemetry = createTelemetry({
    serviceName: 'bench',
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
      LOG_LEVEL: 'info',
    },
    write: (line) => void (line.includes('"telemetry is') && lines.push(line.trim())),
  })
  const app = new Hono().use(telemetry.middleware()).get('/product/:slug', async (c) => {
    await telemetry.span('look up', () => new Promise((resume) => setTimeout(resume, 1)))
    return c.json({ slug: c.req.param('slug') })
  })
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: app.fetch })

  const first = await startReceiver({ port, counts: true })
  await load(server.url.href, Math.min(5, downS / 10))
  const before = await load(server.url.href, downS / 10)
  const receivedBefore = await first.stop()
  const down = await load(server.url.href, downS)
  const upMs = performance.now()
  const second = await startReceiver({ port, counts: true })
  while (lines.length < 2 && performance.now() - upMs < 30_000) await Bun.sleep(10)
  const resumedS = (performance.now() - upMs) / 1000
  const after = await load(server.url.href, downS / 10)
  await server.stop(true)
  for (let n = 0; n < 3; n++) await telemetry.forceFlush()
  const receivedAfter = await second.stop()

  const requests = requestCount
  const spans = {
    received: receivedBefore.spans + receivedAfter.spans,
    dropped: receivedAfter.dropped['otel.sdk.processor.span.processed'] ?? 0,
  }
  // The two log lines about the outage are records too.
  const logs = {
    received: receivedBefore.logs + receivedAfter.logs,
    dropped: receivedAfter.dropped['otel.sdk.processor.log.processed'] ?? 0,
  }
  print(`receiver down for ${downS} s under ${requestsPerS} requests/s`)
  print(
    markdownTable(
      ['phase', 'requests', 'p50, ms', 'p99, ms', 'max RSS, MB'],
      Object.entries({ before, down, after }).map(([name, one]) => [
        name,
        String(one.requests),
        one.p50Ms.toFixed(2),
        one.p99Ms.toFixed(2),
        one.rssMb.toFixed(0),
      ]),
    ),
  )
  const balance = (emitted: number, { received, dropped }: typeof spans) =>
    `${emitted} emitted = ${received} received + ${dropped} counted as dropped + ${emitted - received - dropped} unaccounted for`
  print(`spans: ${balance(requests * 2, spans)}`)
  print(`log records: ${balance(requests + lines.length, logs)}`)
  print(`export resumed ${resumedS.toFixed(1)} s after the receiver was up; log lines about it:`)
  for (const line of lines) print(`  ${line}`)
  return {
    unaccounted: requests * 3 + lines.length - spans.received - spans.dropped - logs.received - logs.dropped,
    resumed_s: resumedS,
  }
}

let requestCount = 0

/** Sends requests at a constant rate. Durations begin at the planned start. */
async function load(url: string, seconds: number) {
  const durationsMs: number[] = []
  const active = new Set<Promise<unknown>>()
  let rssMb = 0
  const timesMs = timesAtRate(clock, () => requestsPerS, clock.nowMs() + seconds * 1000)
  await runOpenLoop({ clock, active, timesMs, start: request })
  await Promise.all(active)
  durationsMs.sort((a, b) => a - b)
  const at = (share: number) => durationsMs[Math.floor(durationsMs.length * share)] ?? 0
  return { requests: durationsMs.length, p50Ms: at(0.5), p99Ms: at(0.99), rssMb }

  async function request(plannedMs: number): Promise<void> {
    if (requestCount % requestsPerS === 0) rssMb = Math.max(rssMb, process.memoryUsage.rss() / 1e6)
    await (await fetch(`${url}product/article-${requestCount++ % 1000}`)).arrayBuffer()
    durationsMs.push(clock.nowMs() - plannedMs)
  }
}
