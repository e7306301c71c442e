import { expect, test } from 'bun:test'
import { from, openShop } from '../../test/shop'

test('a client searches thirty times at once and then twice a second; the catalog has no limit', async () => {
  const clock = { nowMs: 0 }
  const { products, recording } = await openShop({ products: { now: () => clock.nowMs } })
  const get = async (query: string, address = '203.0.113.9') =>
    products.request(`/api/products${query}`, {}, from(address))
  for (let n = 0; n < 30; n++) expect((await get('?q=clavier')).status).toBe(200)

  const refused = await get('?q=souris')

  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
  expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  expect(await recording.metric('http.server.requests.rate_limited', { 'rate_limit.name': 'search_address' })).toBe(1)
  expect((await get('?sort=price')).status).toBe(200)
  expect((await get('?q=clavier', '203.0.113.10')).status).toBe(200)
  clock.nowMs += 500
  expect([(await get('?q=souris')).status, (await get('?q=souris')).status]).toEqual([200, 429])
})
