import { expect, test } from 'bun:test'
import { hiddenFields } from '../../../stack/clients/hidden-fields'
import { flushPromises, useFakeClock } from '../../../test/clock'
import { jsonRequest, productId, signIn } from '../../../test/shop'
import {
  addToCart,
  checkoutPath,
  type Frontend,
  fetchCheckoutForm,
  fetchOrderLinks,
  openFrontend,
  openSignedInFrontend,
} from '../../../test/storefront'

test('a checkout without sign-in is unauthorized and not a failure', async () => {
  const shop = await openFrontend()

  const seen = await shop.browser().get('/checkout')
  const tried = await shop
    .browser()
    .post(checkoutPath, { expected_total_cents: 1, idempotency_key: 'key-without-user' })

  expect([seen.location, tried.location]).toEqual(['/login', '/login'])
  expect(shop.recording.span('checkout_validation')).toHaveAttributes({ 'checkout.status': 'unauthorized' })
  expect(shop.recording.span('checkout_process')).toHaveAttributes({ 'process.status': 'unauthorized' })
  expect(shop.recording.span('checkout_process')).not.toHaveFailed()
  expect(shop.recording.logs('checkout.refused')[0]).toHaveAttributes({ reason: 'unauthorized' })
})

test('an empty cart cannot be paid', async () => {
  const { shop, visitor } = await openSignedInFrontend()

  const { html } = await visitor.get('/checkout')
  const tried = await visitor.post(checkoutPath, { expected_total_cents: 0, idempotency_key: 'key-for-nothing' })

  expect(html).toContain('Votre panier est vide')
  expect(html).not.toContain('Confirmer et payer')
  expect([tried.status, tried.location]).toEqual([303, '/checkout'])
  expect(shop.recording.span('checkout_validation')).toHaveAttributes({ 'checkout.status': 'no_order' })
  expect(shop.recording.span('checkout_process')).toHaveAttributes({ 'process.status': 'no_order' })
})

test('the same form submitted twice gives one order', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  await addToCart(visitor)
  const form = await fetchCheckoutForm(visitor)
  const twin = shop.browser(new Map(visitor.cookies))

  const [first, second] = await Promise.all([visitor.post(checkoutPath, form), twin.post(checkoutPath, form)])
  const third = await visitor.post(checkoutPath, form)

  expect([first.status, second.status, third.status]).toEqual([303, 303, 303])
  expect(new Set([first.location, second.location, third.location]).size).toBe(1)
  expect(await fetchOrderLinks(visitor)).toHaveLength(1)
  expect(await shop.recording.metric('orders.checkout.completed')).toBe(1)
})

test('a changed price is shown before the order is placed', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  await addToCart(visitor)
  const form = await fetchCheckoutForm(visitor)
  await changePrice(shop, 1, 119999)

  const refused = await visitor.post(checkoutPath, form)

  expect([refused.status, refused.location]).toEqual([303, '/checkout'])
  const recap = await visitor.follow(refused)
  expect(recap.html).toContain('il est maintenant de 1\u202f199,99\u00a0€')
  expect(hiddenFields(recap.html, checkoutPath)).toMatchObject({ expected_total_cents: '119999' })
  const span = shop.recording.span('checkout_process')
  expect(span).toHaveAttributes({
    'process.status': 'price_changed',
    'order.total_cents': 119999,
    'order.total_price': 1199.99,
  })
  expect(span).not.toHaveFailed()
  const [refusal] = shop.recording.logs('checkout.refused')
  expect(refusal).toHaveAttributes({ reason: 'price_changed' })
  expect(refusal?.severityText).toBe('WARN')
  expect((await visitor.post(checkoutPath, hiddenFields(recap.html, checkoutPath))).location).toStartWith(
    '/order/thank-you',
  )
})

test('a product that is out of stock is named', async () => {
  const { shop, visitor } = await openSignedInFrontend({ stock: 1 })
  const rival = shop.browser()
  await rival.signUp()
  for (const shopper of [visitor, rival]) await addToCart(shopper, 5)
  await rival.post(checkoutPath, await fetchCheckoutForm(rival))

  const refused = await visitor.post(checkoutPath, await fetchCheckoutForm(visitor))

  expect(refused.location).toBe('/checkout')
  expect((await visitor.follow(refused)).html).toContain('Stock insuffisant\u00a0: Montre Connectée')
  expect(shop.recording.span('checkout_process')).toHaveAttributes({ 'process.status': 'out_of_stock' })
  expect(shop.recording.span('checkout_process')).not.toHaveFailed()
  expect(shop.recording.logs('checkout.refused')).toHaveLength(1)
})

test('a form without a total places no order', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  await addToCart(visitor)

  const refused = await visitor.post(checkoutPath, { idempotency_key: 'a-key-without-total' })

  expect(refused.location).toBe('/checkout')
  expect(await fetchOrderLinks(visitor)).toEqual([])
  expect(shop.recording.span('checkout_process')).toHaveAttributes({ 'process.status': 'price_changed' })
})

test('a failed checkout keeps its key, so that a retry places one order', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  await addToCart(visitor)
  const form = await fetchCheckoutForm(visitor)
  shop.unreachable.add('product-service')

  const failed = await visitor.post(checkoutPath, form)

  expect(failed.status).toBe(503)
  expect(failed.headers.get('retry-after')).toBe('5')
  expect(failed.html).toContain('Vous pouvez réessayer sans risque')
  expect(failed.html).toContain('Laptop Pro')
  expect(hiddenFields(failed.html, checkoutPath)).toEqual(form)
  const span = shop.recording.span('checkout_process')
  expect(span).toHaveAttributes({ 'process.status': 'failed', 'error.type': 'UNAVAILABLE' })
  expect(span).toHaveFailed()
  expect(shop.recording.span('POST /checkout/process')).toHaveFailed()
  expect(await shop.recording.metric('orders.checkout.failed', { reason: 'unavailable' })).toBe(1)

  shop.unreachable.clear()
  const retried = await visitor.post(checkoutPath, hiddenFields(failed.html, checkoutPath))
  expect(retried.location).toStartWith('/order/thank-you')
  expect(await fetchOrderLinks(visitor)).toHaveLength(1)
})

test('a retry completes an order whose outcome is unknown, although the cart is empty', async () => {
  let isBroken = true
  const { shop, visitor } = await openSignedInFrontend({
    wrapProducts: (app) => (request) => (isBroken && request.method === 'PUT' ? Response.error() : app.fetch(request)),
  })
  await addToCart(visitor)
  const form = await fetchCheckoutForm(visitor)

  const failed = await visitor.post(checkoutPath, form)

  expect(failed.status).toBe(503)
  expect(hiddenFields(failed.html, checkoutPath)).toEqual(form)
  expect((await visitor.get('/checkout')).html).toContain('Votre panier est vide')
  isBroken = false
  expect((await visitor.post(checkoutPath, form)).location).toStartWith('/order/thank-you')
  expect(await fetchOrderLinks(visitor)).toHaveLength(1)
  expect(shop.recording.logs('checkout.completed')).toHaveLength(1)
})

test('while order-service is unavailable, a checkout keeps its key', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  await addToCart(visitor)
  const form = await fetchCheckoutForm(visitor)
  shop.unreachable.add('order-service')

  const failed = await visitor.post(checkoutPath, form)

  expect(failed.status).toBe(503)
  expect(hiddenFields(failed.html, checkoutPath)).toEqual(form)
  expect((await visitor.get('/checkout')).status).toBe(503)
  expect(shop.recording.span('checkout_validation')).toHaveFailed()
  expect(await shop.recording.metric('orders.checkout.failed', { reason: 'unavailable' })).toBe(1)
})

test('an order of another user is a 404', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  await addToCart(visitor)
  const { location } = await visitor.post(checkoutPath, await fetchCheckoutForm(visitor))
  const id = location?.split('order=')[1]
  const stranger = shop.browser()
  await stranger.signUp()

  const responses = [await stranger.get(`/orders/${id}`), await stranger.get(`/order/thank-you?order=${id}`)]

  expect(responses.map(({ status }) => status)).toEqual([404, 404])
  expect((await visitor.get(`/orders/${id}`)).status).toBe(200)
  expect(shop.recording.span('GET /orders/:id')).toHaveAttributes({ 'order.id': id as string })
})

async function changePrice(shop: Frontend, n: number, priceCents: number) {
  const admin = await signIn(shop, 'admin', 'admin123')
  await shop.products.request(`/api/product/${productId(n)}`, jsonRequest('PATCH', { price_cents: priceCents }, admin))
}

test('while product-service hangs, the cart shows stored prices, and a failed checkout is counted once', async () => {
  const clock = useFakeClock()
  let isHanging = false
  const calls: AbortSignal[] = []
  const hang = ({ signal }: Request) =>
    new Promise<Response>((_resolve, reject) => {
      calls.push(signal)
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  // The clock advances only while a call hangs, so that databases take no time.
  const timingOut = async <T>(work: Promise<T>): Promise<T> => {
    let isOver = false
    const over = work.finally(() => {
      isOver = true
    })
    while (!isOver) await (calls.some(({ aborted }) => !aborted) ? clock.advance(1) : flushPromises())
    return over
  }
  const { shop, visitor } = await openSignedInFrontend({
    requestBudgetMs: 2000,
    wrapProducts: (app) => (request) => (isHanging ? hang(request) : app.fetch(request)),
  })
  await addToCart(visitor)
  const form = await fetchCheckoutForm(visitor)
  isHanging = true

  const recap = await timingOut(visitor.get('/checkout'))
  expect(recap.status).toBe(200)
  expect(recap.html).toContain('Laptop Pro')

  const failed = await timingOut(visitor.post(checkoutPath, form))
  expect(failed.status).toBe(503)
  expect(hiddenFields(failed.html, checkoutPath)).toEqual(form)
  expect(await shop.recording.metric('orders.checkout.failed', { reason: 'unavailable' })).toBe(1)
})

test.each([
  ['fails once and then goes through', 1, 303, 0],
  ['fails twice', 2, 503, 1],
])('a checkout that the storefront retries and that %s', async (_, failures, status, counted) => {
  let left = failures
  const { shop, visitor } = await openSignedInFrontend({
    checkpoint(name) {
      if (name === 'stock reserved' && left-- > 0) throw new Error('a programming error')
    },
  })
  await addToCart(visitor)

  const response = await visitor.post(checkoutPath, await fetchCheckoutForm(visitor))

  expect(response.status).toBe(status)
  expect(shop.recording.spans().filter(({ name }) => name === 'POST /api/order/checkout')).toHaveLength(2)
  expect(await shop.recording.metric('orders.checkout.failed')).toBe(counted)
  expect(await shop.recording.metric('orders.checkout.failed', { reason: 'internal' })).toBe(counted)
})

test.each([
  ['fr', 'Trop de demandes', /Patientez \d+\s(secondes?|minutes?), puis recommencez/],
  ['en', 'Too many requests', /Wait \d+\s(seconds?|minutes?), then try again/],
])('too many checkouts are a page with 429 and Retry-After, in %s', async (language, title, advice) => {
  // The time stands still, so that no attempt is given back.
  const { shop, visitor } = await openSignedInFrontend({ now: () => 1_800_000_000_000 })
  await visitor.get(`/?lang=${language}`)
  await addToCart(visitor)
  const form = await fetchCheckoutForm(visitor)
  const userId = shop.recording.span('checkout_validation').attributes['user.id'] as string
  for (let attempt = 0; attempt < 60; attempt++) {
    await shop.context.limiter.take({ name: 'checkout_user', burst: 60, refillMs: 2000 }, userId)
  }

  const refused = await visitor.post(checkoutPath, form)

  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.html).toContain(title)
  expect(refused.html).toMatch(advice)
  const span = shop.recording.span('checkout_process')
  expect(span).toHaveAttributes({ 'process.status': 'too_many_requests' })
  expect(span).not.toHaveFailed()
  expect(await shop.recording.metric('orders.checkout.failed')).toBe(0)
})
