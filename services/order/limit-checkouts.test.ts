import { expect, test } from 'bun:test'
import { checkOut, fillCart, jsonRequest, openShop, type Shop, serviceKey, signUp } from '../../test/shop'

async function openAt(startMs: number) {
  const clock = { ms: startMs }
  return { clock, ...(await openShop({ now: () => clock.ms })) }
}

const refuse = (shop: Shop, token: string, headers: Record<string, string> = {}) =>
  shop.orders.request(
    '/api/order/checkout',
    jsonRequest(
      'POST',
      { expected_total_cents: 0 },
      { token, headers: { 'Idempotency-Key': crypto.randomUUID(), ...headers } },
    ),
  )

test('a user can check out 60 times at once, and then every two seconds', async () => {
  const shop = await openAt(1_800_000_000_000)
  const [{ token }, other] = [await signUp(shop), await signUp(shop)]
  await fillCart(shop, token)
  const key = crypto.randomUUID()
  expect((await checkOut(shop, token, 129999, key)).status).toBe(201)
  for (let n = 1; n < 60; n++) expect((await refuse(shop, token)).status).toBe(409)

  const limited = await refuse(shop, token)

  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2'])
  expect(await limited.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS', retry_after_s: 2 })
  expect(shop.recording.span('POST /api/order/checkout')).toHaveAttributes({ 'rate_limit.name': 'checkout_user' })
  expect(await shop.recording.metric('orders.checkout.failed')).toBe(0)
  // The outcome of an order can be found out at any time, and others are not limited.
  expect((await checkOut(shop, token, 129999, key)).status).toBe(200)
  expect((await refuse(shop, other.token)).status).toBe(409)
  shop.clock.ms += 2000
  expect((await refuse(shop, token)).status).toBe(409)
  expect((await refuse(shop, token)).status).toBe(429)
})

test('a client cannot check out without end by using many accounts', async () => {
  const shop = await openAt(1_800_000_000_000)
  const from = (address: string) => ({ 'X-Service-Key': serviceKey, 'X-Client-Address': address })
  const shoppers = await Promise.all([1, 2, 3].map(() => signUp(shop)))
  for (const { token } of shoppers.slice(0, 2)) {
    for (let n = 0; n < 60; n++) expect((await refuse(shop, token, from('2001:db8::1'))).status).toBe(409)
  }
  const last = shoppers[2]?.token ?? ''

  const limited = await refuse(shop, last, from('2001:db8::2'))

  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1'])
  expect(shop.recording.span('POST /api/order/checkout')).toHaveAttributes({ 'rate_limit.name': 'checkout_address' })
  expect((await refuse(shop, last, from('2001:db8:1::1'))).status).toBe(409)
})
