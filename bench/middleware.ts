import { openSync } from 'node:fs'
import { createTelemetry } from '@vitrine/telemetry'
import { Hono, type MiddlewareHandler } from 'hono'
import { compareCpu, type Variant } from './cpu'
import { honoOtel } from './hono-otel'
import { markdownTable } from './print'
import { startReceiver } from './receiver'

const nowhere = openSync('/dev/null', 'w')

/**
 * The cost of telemetry per request: CPU time of this process, variants in turn. Exports are serialized, compressed and sent to a
 * receiver in another process; log lines go to /dev/null. Resolves with each variant's minimum in µs.
 */
export async function middleware(
  requests = 20_000,
  rounds = 15,
  printText: (text: string) => void,
): Promise<Record<string, number>> {
  const receiver = await startReceiver()
  const vitrine = (env: Record<string, string>): Variant => {
    const own = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env }
    const telemetry = createTelemetry({ serviceName: 'bench', env: own, write: nowhere })
    return { app: appWith(telemetry.middleware()), flush: () => telemetry.forceFlush() }
  }
  const quiet = { LOG_LEVEL: 'error' }
  const { middleware: honoOtelMiddleware, flush } = honoOtel(receiver.url)
  const variants: Record<string, Variant> = {
    bare: { app: appWith(), flush: async () => {} },
    noop: { app: appWith(async (_, next) => next()), flush: async () => {} },
    off: vitrine({ OTEL_SDK_DISABLED: 'true', ...quiet }),
    unsampled: vitrine({ OTEL_TRACES_SAMPLER: 'always_off', ...quiet }),
    traces_metrics: vitrine(quiet),
    all: vitrine({}),
    hono_otel: { app: appWith(honoOtelMiddleware), flush },
  }
  const costs = await compareCpu(variants, requests, rounds)
  await receiver.stop()

  const bare = costs.bare?.min ?? 0
  const rows = Object.entries(costs).map(([name, { min, median }]) => [
    name,
    min.toFixed(2),
    median.toFixed(2),
    (min - bare).toFixed(2),
    (min / bare).toFixed(2),
  ])
  printText(`CPU µs per request: ${requests} requests, minimum and median of ${rounds} rounds, variants in turn`)
  printText(markdownTable(['variant', 'min', 'median', 'over bare', '× bare'], rows))
  return Object.fromEntries(Object.entries(costs).map(([name, { min }]) => [name, round(min)]))
}

function appWith(middleware?: MiddlewareHandler): Hono {
  const app = new Hono()
  if (middleware) app.use(middleware)
  return app.get('/product/:id', (c) => c.json({ id: c.req.param('id'), name: 'Laptop Pro', price_cents: 129999 }))
}

const round = (us: number) => Math.round(us * 100) / 100
