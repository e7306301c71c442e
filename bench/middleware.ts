/**
 * What telemetry costs a request: CPU time of this process over a fixed number of requests through `app.fetch`, variants
 * interleaved, minimum and median of the rounds. Everything that leaves is serialised, zipped and sent to a receiver in
 * another process; log lines go to /dev/null. `bun bench/middleware.ts [requests] [rounds]`
 */
import { openSync } from 'node:fs'
import { Hono, type MiddlewareHandler } from 'hono'
import { honoOtel } from './hono-otel'

const requests = Number(process.argv[2] ?? 20_000)
const rounds = Number(process.argv[3] ?? 7)
// So many, and then a turn of the event loop: without it no export could leave while the loop below is busy.
const burst = 50

const receiver = Bun.spawn([process.execPath, `${import.meta.dir}/receiver.ts`], { stdout: 'pipe' })
const { value: hello } = await receiver.stdout.getReader().read()
const endpoint = new TextDecoder().decode(hello).trim()
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = endpoint
process.env.OTEL_EXPORTER_OTLP_COMPRESSION = 'gzip'
const { createTelemetry } = await import('@vitrine/telemetry')

interface Variant {
  app: Hono
  flush: () => Promise<unknown>
}

const write = openSync('/dev/null', 'w')

const variants: Record<string, Variant> = {
  bare: { app: appWith(), flush: async () => {} },
  off: vitrine({ OTEL_SDK_DISABLED: 'true', LOG_LEVEL: 'error' }),
  unsampled: vitrine({ OTEL_TRACES_SAMPLER: 'always_off', LOG_LEVEL: 'error' }),
  traces_metrics: vitrine({ LOG_LEVEL: 'error' }),
  all: vitrine({}),
  hono_otel: hono(),
}

const costs = new Map(Object.keys(variants).map((name) => [name, [] as number[]]))
for (let round = -1; round < rounds; round++) {
  for (const [name, variant] of Object.entries(variants)) {
    const us = await cost(variant)
    if (round >= 0) costs.get(name)?.push(us)
  }
}
const bare = Math.min(...(costs.get('bare') ?? []))
say(`${requests} requests, ${rounds} rounds; CPU µs a request`)
for (const [name, all] of costs) {
  const min = Math.min(...all)
  const median = all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
  say(`${name.padEnd(16)} min ${min.toFixed(2)}  median ${median.toFixed(2)}  over bare ${(min - bare).toFixed(2)}`)
}
receiver.kill()
process.exit(0)

function appWith(middleware?: MiddlewareHandler): Hono {
  const app = new Hono()
  if (middleware) app.use(middleware)
  return app.get('/product/:id', (c) => c.json({ id: c.req.param('id'), name: 'Laptop Pro', price_cents: 129999 }))
}

function vitrine(env: Record<string, string>): Variant {
  const telemetry = createTelemetry({ service: 'bench', env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env }, write })
  return { app: appWith(telemetry.middleware()), flush: () => telemetry.flush() }
}

function hono(): Variant {
  const { middleware, flush } = honoOtel(endpoint)
  return { app: appWith(middleware), flush }
}

async function cost({ app, flush }: Variant): Promise<number> {
  Bun.gc(true)
  const before = process.cpuUsage()
  for (let n = 0; n < requests; n++) {
    const answer = await app.fetch(new Request('http://localhost:5000/product/laptop-pro'))
    await answer.text()
    if (n % burst === 0) await new Promise((resume) => setImmediate(resume))
  }
  await flush()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / requests
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
