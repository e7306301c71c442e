import { expect, onTestFinished, test } from 'bun:test'
import { Hono } from 'hono'
import { createBrowser } from '../loadtest/built-in/browser'
import { perform } from '../loadtest/built-in/perform'
import { openVisit } from '../loadtest/visit'
import { createCheckoutHistory } from './audit'
import { buy } from './buy'

const cart = `<form action="/checkout/process"><input type="hidden" name="idempotency_key" value="key-1"/></form>`

/** A storefront that responds to payments with the given responses, in order. */
function startStorefront(payments: Response[], cartPage = cart) {
  const keys: unknown[] = []
  const app = new Hono()
    .post('/cart/add', (c) => c.redirect('/', 303))
    .get('/checkout', (c) => c.html(cartPage))
    .post('/checkout/process', async (c) => {
      keys.push((await c.req.parseBody()).idempotency_key)
      return payments.shift() as Response
    })
    .get('*', (c) => c.html('page'))
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: app.fetch })
  onTestFinished(() => server.stop(true))
  return { url: server.url.origin, keys }
}

const redirectTo = (Location: string) => new Response(null, { status: 303, headers: { Location } })
const unavailable = () => new Response('try again', { status: 503 })

/** Buys once, without pauses. Returns the attempts. */
async function attemptsAt(url: string, isOver: () => boolean) {
  const history = createCheckoutHistory()
  const visit = openVisit({ address: '198.18.0.1', cookies: {} })
  await perform(buy(visit, 'p', history, isOver), { request: createBrowser({ url }), pause: async () => {} })
  return history.attempts()
}

test('a form that fails is sent again unchanged until the order is confirmed', async () => {
  const { url, keys } = startStorefront([unavailable(), redirectTo('/order/thank-you?order=order-1')])
  expect(await attemptsAt(url, () => false)).toEqual([
    { idempotencyKey: 'key-1', outcome: 'confirmed', orderId: 'order-1' },
  ])
  expect(keys).toEqual(['key-1', 'key-1'])
})

test('a redirect to the cart is a refusal', async () => {
  const { url } = startStorefront([redirectTo('/checkout')])
  expect(await attemptsAt(url, () => false)).toEqual([{ idempotencyKey: 'key-1', outcome: 'refused' }])
})

test('the outcome is unknown when the run ends before the shop confirms or refuses', async () => {
  const { url } = startStorefront([unavailable()])
  expect(await attemptsAt(url, () => true)).toEqual([{ idempotencyKey: 'key-1', outcome: 'unknown' }])
})

test('a cart without a form is no attempt', async () => {
  expect(await attemptsAt(startStorefront([], 'empty').url, () => false)).toEqual([])
})
