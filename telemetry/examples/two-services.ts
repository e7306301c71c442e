/** Two services in one trace. Run: `bun telemetry/examples/two-services.ts` */
import { createTelemetry, type Fetch, type Telemetry } from '@vitrine/telemetry'
import { Hono } from 'hono'

/** The called service. It continues the trace of callers that send the shared key. */
export function createPriceApp(telemetry: Telemetry, key: string) {
  const trustsCaller = (request: Request) => request.headers.get('x-service-key') === key
  return new Hono().use(telemetry.middleware({ trustsCaller })).get('/price/:product', (c) => c.json({ cents: 1999 }))
}

/** The calling service. @param fetchPrices a `fetch` from `telemetry.client()`. */
export function createShopApp(telemetry: Telemetry, fetchPrices: Fetch, pricesUrl: string, key: string) {
  return new Hono().use(telemetry.middleware()).get('/product/:product', async (c) => {
    const headers = { 'x-service-key': key }
    const response = await fetchPrices(`${pricesUrl}/price/${c.req.param('product')}`, { headers })
    if (!response.ok) return c.text('price unavailable', 503)
    const { cents } = (await response.json()) as { cents: number }
    return c.text(`${c.req.param('product')}: ${cents} cents`)
  })
}

if (import.meta.main) {
  const key = crypto.randomUUID()
  const [prices, shop] = [createTelemetry({ serviceName: 'prices' }), createTelemetry({ serviceName: 'shop' })]
  Bun.serve({ port: 3001, fetch: createPriceApp(prices, key).fetch })
  const fetchPrices = shop.client({ peer: 'prices' })
  Bun.serve({ port: 3000, fetch: createShopApp(shop, fetchPrices, 'http://localhost:3001', key).fetch })
}
