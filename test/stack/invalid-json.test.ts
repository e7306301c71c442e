import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { serviceNames } from '../../services/names'
import { fetchJson } from '../../stack/clients/http'
import { queryNumber, queryPrometheus } from '../../stack/clients/prometheus'
import { isMissing } from '../requirements'
import { jsonRequest, productId } from '../shop'
import { type InvalidBody, invalidBodies } from './invalid-bodies'
import { startShop, startStack } from './start-stack'

type Route = [method: string, url: string]
interface RecordedResponse {
  service: string
  what: string
  status: number
  type: string
}

// Longer than the window of HighErrorRate, one minute.
const loadS = 75
const pauseMs = 100
/** One of so many requests is invalid. Other services call user-service too, so that its share is half of this. */
const invalidEvery = 8
const requests = 'http_server_request_duration_seconds_count'

describe.skipIf(isMissing('stack'))('an eighth of invalid JSON in the load of a real stack', () => {
  let stack: Awaited<ReturnType<typeof startStack>>
  let shop: Awaited<ReturnType<typeof startShop>>
  const good: RecordedResponse[] = []
  const bad: RecordedResponse[] = []

  beforeAll(async () => {
    stack = await startStack()
    shop = await startShop(stack.endpoints.collector)
    const routes = routesOf(shop.url)
    const token = await signUp(shop.url)
    const item = { product_id: productId(1), quantity: 1 }
    await fetch(`${at(shop.url, 3)}/api/order/add-item`, jsonRequest('POST', item, { token }))
    const underWay: Promise<void>[] = []
    for (let n = 0; n < (loadS * 1000) / pauseMs; n++) {
      for (const service of serviceNames) underWay.push(send(service, routes[service] as Routes, n, token))
      await Bun.sleep(pauseMs)
    }
    await Promise.all(underWay)
  }, 300_000)
  afterAll(async () => {
    await shop?.stop()
    await stack?.stop()
  }, 180_000)

  test('valid requests succeed', () => {
    expect(good.length).toBeGreaterThan(6 * bad.length)
    expect(good.filter(({ status }) => status !== 200)).toEqual([])
  })

  test('invalid requests get a 4xx, from the JSON APIs as problem details', () => {
    expect(new Set(bad.map(({ what }) => what)).size).toBe(Object.keys(invalidBodies).length)
    expect(bad.filter(({ status }) => ![400, 403, 413, 415].includes(status))).toEqual([])
    const ofApis = bad.filter(({ service }) => service !== 'frontend')
    expect(ofApis.filter(({ type }) => type !== 'application/problem+json')).toEqual([])
  })

  test('Prometheus counts each of these 4xx, more than HighErrorRate allows of 5xx, and no 5xx', async () => {
    const { prometheus } = stack.endpoints
    for (const service of serviceNames) {
      const sent = bad.filter((one) => one.service === service).length
      const counted = (status: string) =>
        queryNumber(prometheus, `sum(${requests}{service_name="${service}",http_response_status_code=~"${status}"})`)
      for (let n = 0; n < 60 && (await counted('4..')) < sent; n++) await Bun.sleep(500)
      expect([service, await counted('4..')]).toEqual([service, sent])
      expect([service, await counted('5..')]).toEqual([service, 0])
      expect(sent / (await counted('...'))).toBeGreaterThan(0.05)
    }
  }, 180_000)

  test('HighErrorRate is evaluated, and never pending', async () => {
    const { prometheus } = stack.endpoints
    const rules = await fetchJson<RulesResponse>(`${prometheus}/api/v1/rules?type=alert&rule_name[]=HighErrorRate`)
    const [rule] = rules.data.groups.flatMap((group) => group.rules)
    expect(rule).toMatchObject({ health: 'ok', state: 'inactive' })
    expect(Date.now() - Date.parse(rule?.lastEvaluation ?? '')).toBeLessThan(15_000)
    expect(await queryPrometheus(prometheus, 'count_over_time(ALERTS{alertname="HighErrorRate"}[15m])')).toEqual([])
  })

  async function send(service: string, routes: Routes, n: number, token: string): Promise<void> {
    const isInvalid = n % invalidEvery === invalidEvery - 1
    const [method, url] = pick(isInvalid ? routes.taking : routes.fine, Math.floor(n / invalidEvery))
    const headers = { Authorization: `Bearer ${token}`, ...routes.headers }
    if (!isInvalid) {
      const response = await fetch(url, { method, headers })
      good.push({ service, what: `${method} ${url}`, ...(await readHead(response)) })
      return
    }
    // The step differs from that of the routes, so that each route gets each body.
    const [what, { body, contentType }] = pick(
      Object.entries(invalidBodies),
      Math.floor(n / invalidEvery / routes.taking.length),
    )
    const response = await fetch(url, { method, body, headers: { ...headers, ...typed(contentType) } })
    bad.push({ service, what, ...(await readHead(response)) })
  }
})

interface Routes {
  fine: Route[]
  taking: Route[]
  headers?: Record<string, string>
}

interface RulesResponse {
  data: { groups: { rules: { health: string; state: string; lastEvaluation: string }[] }[] }
}

const at = (shop: string, n: number) => `${shop.slice(0, shop.lastIndexOf(':'))}:${Number(new URL(shop).port) + n}`

// Valid requests call few other services, so that each service has more than 5 % invalid ones.
function routesOf(shop: string): Record<string, Routes> {
  const [users, products, orders] = [at(shop, 1), at(shop, 2), at(shop, 3)]
  const item = productId(1)
  return {
    frontend: {
      fine: [['GET', `${shop}/login`]],
      taking: [
        ['POST', `${shop}/cart/update/${item}`],
        ['POST', `${shop}/checkout/process`],
      ],
      headers: { Accept: 'application/json' },
    },
    'user-service': {
      fine: [['GET', `${users}/api/user`]],
      taking: [
        ['POST', `${users}/api/user/create`],
        ['POST', `${users}/api/user/login`],
      ],
    },
    'product-service': {
      fine: [['GET', `${products}/api/products`]],
      taking: [
        ['PATCH', `${products}/api/product/${item}`],
        ['PUT', `${products}/api/reservations/${crypto.randomUUID()}`],
      ],
      headers: { 'X-Service-Key': 'development-service-key' },
    },
    'order-service': {
      fine: [['GET', `${orders}/api/orders`]],
      taking: [
        ['POST', `${orders}/api/order/add-item`],
        ['PATCH', `${orders}/api/order/items/${item}`],
        ['POST', `${orders}/api/order/checkout`],
      ],
      headers: { 'Idempotency-Key': 'one-key-for-all' },
    },
  }
}

async function signUp(shop: string): Promise<string> {
  const who = { username: 'jeanne', password: 'correct horse' }
  const person = { ...who, email: 'jeanne@example.test', first_name: 'Jeanne', last_name: 'Martin' }
  await fetch(`${at(shop, 1)}/api/user/create`, jsonRequest('POST', person))
  const response = await fetch(`${at(shop, 1)}/api/user/login`, jsonRequest('POST', who))
  return ((await response.json()) as { token: string }).token
}

async function readHead(response: Response) {
  await response.arrayBuffer()
  return { status: response.status, type: response.headers.get('content-type') ?? '' }
}

const typed = (contentType: InvalidBody['contentType']): Record<string, string> =>
  contentType ? { 'Content-Type': contentType } : {}
const pick = <T>(list: readonly T[], n: number) => list[n % list.length] as T
