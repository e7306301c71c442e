import { expect, test } from 'bun:test'
import {
  addToCart,
  checkoutPath,
  fetchCheckoutForm,
  fetchOrderLinks,
  openSignedInFrontend,
} from '../../test/storefront'

test('with an open breaker for product-service, pages and cart are the same as while it is unavailable', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  await addToCart(visitor)
  const form = await fetchCheckoutForm(visitor)
  shop.unreachable.add('product-service')
  for (let n = 0; n < 5; n++) {
    await visitor.get('/')
    await visitor.get('/checkout')
  }
  const opened = shop.recording.logs('breaker.changed')
  expect(opened.map((log) => log.service).sort()).toEqual(['frontend', 'order-service'])
  shop.recording.reset()

  const home = await visitor.get('/')
  expect([home.status, home.headers.get('retry-after')]).toEqual([503, '5'])
  expect(home.html).toContain('Le catalogue est momentanément indisponible')
  expect(home.html).toContain('Déconnexion')
  const cart = await visitor.get('/checkout')
  expect(cart.status).toBe(200)
  expect(cart.html).toContain('Laptop Pro')
  const paid = await visitor.post(checkoutPath, form)
  expect([paid.status, paid.headers.get('retry-after')]).toEqual([503, '5'])

  const calls = shop.recording.spans().map((span) => span.attributes['service.peer.name'])
  expect(calls).not.toContain('product-service')
  expect(shop.recording.logs('breaker.changed')).toEqual([])
  expect(await fetchOrderLinks(visitor)).toEqual([])
})

test('one failed call of another service does not fail the page', async () => {
  let failures = 1
  const { shop, visitor } = await openSignedInFrontend({
    wrapProducts: (app) => (request) => (failures-- > 0 ? new Response('no', { status: 502 }) : app.fetch(request)),
  })
  await addToCart(visitor)

  expect((await visitor.get('/checkout')).html).toContain('Laptop Pro')
  expect(shop.recording.failedSpanNames()).not.toContain('GET /checkout')
})
