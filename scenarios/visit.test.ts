import { expect, onTestFinished, test } from 'bun:test'
import { Hono } from 'hono'
import { createCheckoutHistory } from './checkout-history'
import { buy, createVisitor } from './visit'

const recap = `<form action="/checkout/process"><input type="hidden" name="idempotency_key" value="key-1"/></form>`

/** A storefront that answers payments as it is told, one after the other. */
function storefront(payments: ((path: string) => Response)[], checkout = recap) {
  const keys: unknown[] = []
  const addresses = new Set<string | undefined>()
  const app = new Hono()
    .use(async (c, next) => {
      addresses.add(c.req.header('x-forwarded-for'))
      await next()
    })
    .post('/cart/add', (c) => c.redirect('/', 303))
    .get('/checkout', (c) => c.html(checkout))
    .post('/checkout/process', async (c) => {
      keys.push((await c.req.parseBody()).idempotency_key)
      return (payments.shift() as (path: string) => Response)(c.req.path)
    })
    .get('*', (c) => c.html('page'))
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: app.fetch })
  onTestFinished(() => server.stop(true))
  return { url: server.url.origin, keys, addresses }
}

const leadsTo = (Location: string) => () => new Response(null, { status: 303, headers: { Location } })
const fails = () => new Response('again?', { status: 503 })
const never = () => false

test('a form without an answer is sent again as it is, until the shopper is told', async () => {
  const { url, keys, addresses } = storefront([fails, leadsTo('/order/thank-you?order=order-1')])
  const ledger = createCheckoutHistory()
  const statuses: number[] = []
  await buy(
    createVisitor(url, 7, (status) => statuses.push(status)),
    'p',
    ledger,
    never,
  )
  expect(keys).toEqual(['key-1', 'key-1'])
  expect(ledger.attempts()).toEqual([{ idempotencyKey: 'key-1', outcome: 'confirmed', orderId: 'order-1' }])
  expect(statuses.filter((status) => status >= 500)).toEqual([503])
  expect([...addresses]).toEqual(['10.0.0.8'])
})

test('who is led back to the cart was refused; who gives up knows nothing', async () => {
  const refused = createCheckoutHistory()
  await buy(
    createVisitor(storefront([leadsTo('/checkout')]).url, 1, () => {}),
    'p',
    refused,
    never,
  )
  expect(refused.attempts()).toEqual([{ idempotencyKey: 'key-1', outcome: 'refused' }])
  const unknown = createCheckoutHistory()
  await buy(
    createVisitor(storefront([fails]).url, 1, () => {}),
    'p',
    unknown,
    () => true,
  )
  expect(unknown.attempts()).toEqual([{ idempotencyKey: 'key-1', outcome: 'unknown' }])
})

test('an empty cart is no attempt', async () => {
  const ledger = createCheckoutHistory()
  await buy(
    createVisitor(storefront([], 'nothing here').url, 1, () => {}),
    'p',
    ledger,
    never,
  )
  expect(ledger.attempts()).toEqual([])
})
