import { serviceNames } from '../../services/names'
import { fetchJson } from '../../stack/clients/http'
import { findTrace, findTraces, type StoredSpan } from '../../stack/clients/jaeger'
import { type LogLine, queryLines } from '../../stack/clients/loki'
import { queryNumber, queryPrometheus } from '../../stack/clients/prometheus'
import { createShopper } from '../../stack/clients/shopper'
import type { Endpoints } from '../../stack/endpoints'
import { type Check, type CheckResult, eventually } from './check'
import type { LogServer } from './log-server'

/** Checks of the telemetry of one order in all three stores. */
export function journeyChecks(endpoints: Endpoints, logServer: LogServer): Check[] {
  const visit = createVisit(endpoints)
  const { jaeger, loki, prometheus } = endpoints
  const spans = async (): Promise<StoredSpan[]> => findTrace(jaeger, (await visit.order()).traceId)
  const lines = async (): Promise<LogLine[]> =>
    queryLines(loki, `{service_name=~".+"} | trace_id="${(await visit.order()).traceId}"`)
  const afterOrder = (check: Check): Check => ({
    ...check,
    run: () => visit.order().then(check.run, () => ({ ok: false, seen: 'skipped: no order could be placed' })),
  })
  const [order, ...others]: Check[] = [
    {
      name: 'An order can be placed',
      expected: 'the thank-you page with a number and a trace id',
      advice: `place one at ${endpoints.shop.frontend}; an error page shows the trace id`,
      async run() {
        const { number, traceId } = await visit.order()
        return { ok: /^[0-9a-f]{32}$/.test(traceId), seen: `order ${number}, trace ${traceId}` }
      },
    },
    {
      name: 'Its trace is in Jaeger, with all four services',
      expected: serviceNames.join(', '),
      advice: 'services export to the collector, the collector to Jaeger: their logs show failed exports',
      run: () => eventually(async () => named(new Set((await spans()).map(({ service }) => service)))),
    },
    {
      name: 'The trace has SQL spans of each database',
      expected: 'statements of user-service, product-service and order-service, without values',
      advice: 'the services’ databases are opened through telemetry.database()',
      run: () =>
        eventually(async () => {
          const sql = (await spans()).filter(({ tags }) => tags['db.system.name'] !== undefined)
          const owners = new Set(sql.map(({ service }) => service))
          return { ok: owners.size === 3, seen: `${sql.length} statements of ${[...owners].join(', ')}` }
        }),
    },
    {
      name: 'The trace has the business span of the checkout',
      expected: 'checkout_process with process.status=success and order.total_cents, found by order.total_price',
      advice: 'see services/frontend/declarations.ts',
      run: () =>
        eventually(async () => {
          const span = (await spans()).find(({ name }) => name === 'checkout_process')
          const { 'process.status': status, 'order.total_cents': cents, 'order.total_price': euros } = span?.tags ?? {}
          const isRight = status === 'success' && Number(cents) > 0 && Math.round(Number(euros) * 100) === Number(cents)
          const found = isRight ? await findTraces(jaeger, 'frontend', { 'order.total_price': String(euros) }) : []
          const isFound = found.some((trace) => trace.some(({ traceId }) => traceId === span?.traceId))
          return {
            ok: isFound,
            seen: `process.status=${status} order.total_cents=${cents}, ${isFound ? '' : 'not '}found by order.total_price=${euros}`,
          }
        }),
    },
    {
      name: `Its log lines are in ${logServer.name} by trace id, of all four services`,
      expected: serviceNames.join(', '),
      advice: `the collector’s log shows whether ${logServer.name} rejects them`,
      run: () => eventually(async () => named(new Set((await lines()).map(({ labels }) => labels.service_name ?? '')))),
    },
    {
      name: 'They contain no personal data',
      expected: 'no name, e-mail address or password of the shopper in any line or span of the order',
      advice: 'find the attribute by the trace id; redaction is in telemetry/ and in collector.yaml',
      async run() {
        const { secrets } = await visit.order()
        const [ofTrace, ofLogs] = await Promise.all([spans(), lines()])
        const text = JSON.stringify([ofTrace, ofLogs.map(({ labels, line }) => [labels, line])])
        const found = secrets.filter((secret) => text.includes(secret))
        return {
          ok: ofTrace.length > 0 && ofLogs.length > 0 && found.length === 0,
          seen: `${found.length} of ${secrets.length} in ${ofTrace.length} spans and ${ofLogs.length} lines`,
        }
      },
    },
    ...businessMetrics.map(
      (metric): Check => ({
        name: `Prometheus has ${metric.name}`,
        expected: metric.rises ? 'more than before the order' : 'a value',
        advice: 'metrics are exported every 5 s; the collector’s log shows whether Prometheus rejects them',
        run: () =>
          eventually(async () => {
            const { beforeS } = await visit.order()
            const now = await queryPrometheus(prometheus, `sum(${metric.name})`)
            const value = now[0]?.value
            if (!metric.rises) return { ok: value !== undefined, seen: `${value}` }
            const before = await queryNumber(prometheus, `sum(${metric.name})`, beforeS)
            return { ok: value !== undefined && value > before, seen: `${before} → ${value ?? 'nothing'}` }
          }),
      }),
    ),
  ]
  return [
    ...(order ? [order] : []),
    ...others.map(afterOrder),
    ...[
      ['requests by the RED metrics', 'http_server_request_duration_seconds_count'],
      ['CPU time and memory', 'process_memory_usage_bytes'],
    ].map(
      ([what, metric]): Check => ({
        name: `Prometheus has ${what} of all four services`,
        expected: serviceNames.join(', '),
        advice: 'metrics are exported every 5 s; a missing service is down or exports elsewhere',
        run: () =>
          eventually(async () =>
            named(
              new Set(
                (await queryPrometheus(prometheus, `count by (service_name) (${metric})`)).map(
                  ({ labels }) => labels.service_name ?? '',
                ),
              ),
            ),
          ),
      }),
    ),
    {
      name: 'Jaeger finds checkout.status=unauthorized',
      expected: 'the trace of a checkout without a session',
      advice: 'see checkout_validation in services/frontend/declarations.ts',
      run: () =>
        eventually(async () =>
          among(
            await findTraces(jaeger, 'frontend', { 'checkout.status': 'unauthorized' }, 100),
            await visit.unauthorized(),
          ),
        ),
    },
    {
      name: 'Jaeger finds error=true',
      expected: 'the trace of a missing product: a 404 response is an error for the client span',
      advice: 'see the tail sampler’s policies in collector.yaml',
      run: () =>
        eventually(async () =>
          among(await findTraces(jaeger, 'frontend', { error: 'true' }, 100), await visit.missing()),
        ),
    },
  ]
}

const businessMetrics = [
  { name: 'orders_created_total', rises: true },
  { name: 'cart_items_added_total', rises: true },
  { name: 'orders_checkout_completed_total', rises: true },
  { name: 'orders_basket_value_EUR_count', rises: true },
  { name: 'users_logins_total', rises: true },
  { name: 'orders_checkout_refused_total', rises: false },
  { name: 'orders_checkout_failed_total', rises: false },
  { name: 'product_stock', rises: false },
]

const named = (services: Set<string>): CheckResult => ({
  ok: serviceNames.every((name) => services.has(name)),
  seen: [...services].join(', ') || 'nothing',
})

const among = (traces: StoredSpan[][], traceId: string): CheckResult => ({
  ok: traces.some(([first]) => first?.traceId === traceId),
  seen: `${traces.length} traces; ${traceId} ${traces.some(([first]) => first?.traceId === traceId) ? 'among them' : 'not among them'}`,
})

/** An order, a checkout without a session and a missing product page, each requested once, on first use. */
function createVisit({ shop }: Endpoints) {
  const once = <T>(run: () => Promise<T>) => {
    let result: Promise<T> | undefined
    return () => (result ??= run())
  }
  return {
    order: once(() => placeOrder(shop.frontend, shop['product-service'])),
    unauthorized: once(() => traceOf(`${shop.frontend}/checkout`)),
    missing: once(() => traceOf(`${shop.frontend}/product/there-is-none`)),
  }
}

async function traceOf(url: string): Promise<string> {
  const { headers } = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(30_000) })
  return headers.get('x-trace-id') ?? ''
}

async function placeOrder(frontend: string, productService: string) {
  const beforeS = Date.now() / 1000
  const visitor = createShopper(frontend)
  const run = Bun.randomUUIDv7().slice(-12)
  const username = `validate-${run}`
  // Unique names, so that any occurrence in telemetry can be found.
  const person = { first_name: `Zoe${run}`, last_name: `Quillfeather${run}`, password: `correct horse ${run}` }
  await visitor.register(username, person)
  const { items } = await fetchJson<{ items: { id: string; stock: number }[] }>(
    `${productService}/api/products?limit=100`,
  )
  const product = items.sort((a, b) => b.stock - a.stock)[0]
  if (!product || product.stock < 1) throw new Error('no product is in stock: restock one as administrator')
  const page = await visitor.order([[product.id, 1]])
  const number = /[0-9]{6}-[0-9A-Z]{8}/.exec(page.html)?.[0]
  if (!number) throw new Error(`no order: ${page.path} responded with ${page.status}, trace ${page.traceId}`)
  return { number, traceId: page.traceId, beforeS, secrets: [`${username}@`, username, ...Object.values(person)] }
}
