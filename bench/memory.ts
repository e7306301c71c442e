import { openSync } from 'node:fs'
import { createTelemetry } from '@vitrine/telemetry'
import { Hono } from 'hono'
import { freePort } from '../test/free-port'
import { markdownTable, print } from './print'

/**
 * Memory after a million requests, with the receiver down for half of them. The heap is measured after a full collection.
 * Buffered exports are compressed outside of the heap, so both are shown.
 */
export async function memory(requests = 1_000_000): Promise<Record<string, number>> {
  const port = freePort()
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_METRIC_EXPORT_INTERVAL: '1000' }
  const telemetry = createTelemetry({ serviceName: 'bench', env, write: openSync('/dev/null', 'w') })
  const app = new Hono().use(telemetry.middleware()).get('/product/:slug', async (c) => {
    telemetry.setAttribute('product.slug', c.req.param('slug'))
    return c.json(await telemetry.span('look up', () => ({ name: 'Laptop Pro' })))
  })
  const step = requests / 10
  const rows: string[][] = []
  let receiver: ReturnType<typeof listen> | undefined = listen(port)

  await run(step / 2)
  await telemetry.forceFlush()
  const start = sizes()
  rows.push(row('start', start))
  for (let part = 1; part <= 10; part++) {
    if (part === 3) receiver = void receiver?.stop(true)
    if (part === 8) receiver = listen(port)
    await run(step)
    if (part === 10) await telemetry.forceFlush()
    rows.push(row(`${part * step} requests${receiver ? '' : ', receiver down'}`, sizes()))
  }
  const end = sizes()
  receiver?.stop(true)
  print(markdownTable(['after', 'heap, MB', 'external, MB', 'RSS, MB'], rows))
  return { heap_growth_mb: end.heap - start.heap, rss_growth_mb: end.rss - start.rss }

  async function run(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const response = await app.fetch(new Request(`http://localhost:5000/product/article-${n % 1000}`))
      await response.text()
      if (n % 50 === 0) await new Promise((resume) => setImmediate(resume))
    }
  }
}

function listen(port: number) {
  return Bun.serve({
    hostname: '127.0.0.1',
    port,
    async fetch(request) {
      await request.arrayBuffer()
      return Response.json({})
    },
  })
}

function sizes() {
  Bun.gc(true)
  const { heapUsed, external, rss } = process.memoryUsage()
  const mb = (bytes: number) => Math.round(bytes / 1e5) / 10
  return { heap: mb(heapUsed), external: mb(external), rss: mb(rss) }
}

const row = (name: string, { heap, external, rss }: ReturnType<typeof sizes>) => [
  name,
  heap.toFixed(1),
  external.toFixed(1),
  rss.toFixed(1),
]
