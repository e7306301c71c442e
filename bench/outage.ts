import { createTelemetry } from '@vitrine/telemetry'
import { Hono } from 'hono'
import { freePort } from '../test/free-port'
import { markdownTable, print } from './print'
import { startReceiver } from './receiver'

const requestsPerS = 1000

/**
 * A receiver that is away for so many seconds (600 by default) under 1000 requests/s, each with two spans and a log record;
 * before and after it, there for a tenth of that. Shows that memory is bounded, requests are no slower, and that every item
 * is in a receiver's hands or counted as dropped.
 */
export async function outage(awayS = 600): Promise<Record<string, number>> {
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
  await load(server.url.href, Math.min(5, awayS / 10))
  const before = await load(server.url.href, awayS / 10)
  const takenBefore = await first.stop()
  const away = await load(server.url.href, awayS)
  const backMs = performance.now()
  const second = await startReceiver({ port, counts: true })
  while (lines.length < 2 && performance.now() - backMs < 30_000) await Bun.sleep(10)
  const resumedS = (performance.now() - backMs) / 1000
  const after = await load(server.url.href, awayS / 10)
  await server.stop(true)
  for (let n = 0; n < 3; n++) await telemetry.forceFlush()
  const takenAfter = await second.stop()

  const made = requestsMade
  const spans = {
    taken: takenBefore.spans + takenAfter.spans,
    dropped: takenAfter.dropped['otel.sdk.processor.span.processed'] ?? 0,
  }
  // The two lines that tell of the outage itself are records too.
  const logs = {
    taken: takenBefore.logs + takenAfter.logs,
    dropped: takenAfter.dropped['otel.sdk.processor.log.processed'] ?? 0,
  }
  print(`receiver away for ${awayS} s under ${requestsPerS} requests/s`)
  print(
    markdownTable(
      ['phase', 'requests', 'p50, ms', 'p99, ms', 'most RSS, MB'],
      Object.entries({ before, away, after }).map(([name, one]) => [
        name,
        String(one.requests),
        one.p50Ms.toFixed(2),
        one.p99Ms.toFixed(2),
        one.rssMb.toFixed(0),
      ]),
    ),
  )
  const account = (made: number, { taken, dropped }: typeof spans) =>
    `${made} made = ${taken} taken + ${dropped} counted as dropped + ${made - taken - dropped} unaccounted for`
  print(`spans: ${account(made * 2, spans)}`)
  print(`log records: ${account(made + lines.length, logs)}`)
  print(`taken again ${resumedS.toFixed(1)} s after the receiver was back; lines about it:`)
  for (const line of lines) print(`  ${line}`)
  return {
    unaccounted: made * 3 + lines.length - spans.taken - spans.dropped - logs.taken - logs.dropped,
    resumed_s: resumedS,
  }
}

let requestsMade = 0

/** Requests at a fixed rate, each timed from when it was due. */
async function load(url: string, seconds: number) {
  const times: number[] = []
  const underWay = new Set<Promise<void>>()
  let rssMb = 0
  const startMs = performance.now()
  const ask = async (dueMs: number) => {
    await (await fetch(`${url}product/article-${requestsMade++ % 1000}`)).arrayBuffer()
    times.push(performance.now() - dueMs)
  }
  for (let n = 0; n < seconds * requestsPerS; n++) {
    const dueMs = startMs + (n * 1000) / requestsPerS
    if (dueMs > performance.now()) await Bun.sleep(dueMs - performance.now())
    const one = ask(dueMs).finally(() => underWay.delete(one))
    underWay.add(one)
    if (n % requestsPerS === 0) rssMb = Math.max(rssMb, process.memoryUsage.rss() / 1e6)
  }
  await Promise.all(underWay)
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0
  return { requests: times.length, p50Ms: at(0.5), p99Ms: at(0.99), rssMb }
}
