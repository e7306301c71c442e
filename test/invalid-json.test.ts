import { expect, test } from 'bun:test'
import { fillCart, openShop, productId, signUp } from './shop'

test('a tenth of invalid JSON in the load gives 4xx and nothing else: no failure, no exception, no open breaker', async () => {
  const shop = await openShop({ stock: 1000 })
  const { token } = await signUp(shop)
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const good = JSON.stringify({ product_id: productId(1), quantity: 1 })
  const invalid = ['{', good.slice(0, -1), `${good},`, '', 'null', '[]', '"text"', '{"product_id":1}', '\u0000', '{{}']
  await fillCart(shop, token)

  const responses: Response[] = []
  // Ten at once, so that no request is shed.
  for (let batch = 0; batch < 10; batch++) {
    responses.push(...(await Promise.all(Array.from({ length: 10 }, (_, n) => send(n > 0, batch)))))
  }

  const statuses = responses.map(({ status }) => status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(90)
  expect(statuses.filter((status) => status === 400)).toHaveLength(10)
  // HighErrorRate and the objectives count these.
  const durations = (await shop.recording.metrics()).filter(({ name }) => name === 'http.server.request.duration')
  const failures = durations.flatMap(({ points }) =>
    points.filter(({ attributes }) => Number(attributes['http.response.status_code']) >= 500),
  )
  expect(failures).toEqual([])
  expect(shop.recording.logs('http.server.request.exception')).toEqual([])
  expect(shop.recording.failedSpanNames()).toEqual([])
  expect(shop.recording.logs('breaker.changed')).toEqual([])

  async function send(isValid: boolean, n: number): Promise<Response> {
    const path = isValid ? `/api/order/items/${productId(1)}` : '/api/order/add-item'
    const body = isValid ? JSON.stringify({ quantity: 1 + n }) : (invalid[n] ?? '')
    return shop.orders.request(path, { method: isValid ? 'PATCH' : 'POST', headers, body })
  }
})
