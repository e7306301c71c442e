import { expect, test } from 'bun:test'
import { json, productId, signIn } from '../../test/shop'
import { hiddenFields } from '../../test/shopper'
import { openFrontend } from './open-frontend'

type Frontend = Awaited<ReturnType<typeof openFrontend>>
type Browser = ReturnType<Frontend['browser']>

const pay = '/checkout/process'
const add = (visitor: Browser, n = 1, quantity = 1) => visitor.post('/cart/add', { product_id: productId(n), quantity })
const payForm = async (visitor: Browser) => hiddenFields((await visitor.get('/checkout')).html, pay)
const ordersOf = async (visitor: Browser) => (await visitor.get('/orders')).html.match(/href="\/orders\/[^"]+"/g) ?? []
const spansNamed = ({ seen }: Frontend, name: string) => seen.spans().filter((span) => span.name === name)

async function signedUp(options?: Parameters<typeof openFrontend>[0]) {
  const shop = await openFrontend(options)
  const visitor = shop.browser()
  await visitor.signUp()
  return { shop, visitor }
}

async function changePrice(shop: Frontend, n: number, priceCents: number) {
  const admin = await signIn(shop, 'admin', 'admin123')
  await shop.products.request(`/api/product/${productId(n)}`, json('PATCH', { price_cents: priceCents }, admin))
}

test('from registration to history: a shopper buys, and span and log say so', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  const alice = { username: 'alice', password: 'correct horse', email: 'alice@example.test' }

  const registered = await visitor.post('/register', { ...alice, first_name: 'Alice', last_name: 'Martin' })
  expect([registered.status, registered.location]).toEqual([303, '/login'])
  expect((await visitor.follow(registered)).html).toContain('Merci pour votre inscription, veuillez vous connecter')
  const home = await visitor.follow(await visitor.post('/login', alice))
  expect(home.html).toContain('Bienvenue, Alice')
  expect(home.html).toContain('Boutique Tech')

  const product = await visitor.follow(await add(visitor, 3, 2))
  expect(product.html).toContain('Commande mise à jour')
  expect(product.html).toContain('<h1>Casque Sans Fil</h1>')
  const updated = await visitor.post(`/cart/update/${productId(3)}`, { quantity: 3 })
  expect([updated.status, updated.location]).toEqual([303, '/checkout'])
  const recap = await visitor.follow(updated)
  expect(recap.html).toContain('Récapitulatif de la commande')
  expect(recap.html).toContain('449,97\u00a0€')
  expect(recap.html).toContain('Confirmer et payer')
  const userId = shop.seen.trace('checkout_validation').attributes['user.id'] as string
  expect(userId).toMatch(/^[0-9a-f-]{36}$/)
  expect(shop.seen.trace('checkout_validation')).toHaveAttributes({
    'checkout.status': 'valid',
    'order.items_count': 3,
    'order.total_cents': 44997,
  })

  const paid = await visitor.post(pay, hiddenFields(recap.html, pay))
  expect(paid.status).toBe(303)
  expect(paid.location).toStartWith('/order/thank-you')
  const span = shop.seen.trace('checkout_process')
  expect(span).toHaveAttributes({
    'process.status': 'success',
    'order.items_count': 3,
    'order.total_cents': 44997,
    'user.id': userId,
  })
  expect(span).not.toHaveFailed()
  const [completed] = shop.seen.logs('checkout.completed')
  expect(completed).toHaveAttributes({ 'order.id': span.attributes['order.id'] as string, 'order.total_cents': 44997 })
  expect(shop.seen.logs('checkout.started')).toHaveLength(1)
  expect(shop.seen.tree(paid.traceId)).toContain('product-service PUT /api/reservations/:orderId')

  const thanks = await visitor.follow(paid)
  expect(thanks.html).toContain('Merci pour votre commande\u202f!')
  const number = /<strong>(\d{6}-\w{8})<\/strong>/.exec(thanks.html)?.[1] ?? 'none'
  const history = await visitor.get('/orders')
  expect(history.html).toContain(number)
  expect(history.html).toContain('Confirmée')
  expect((await visitor.get(`/orders/${span.attributes['order.id']}`)).html).toContain('Casque Sans Fil')
})

test('a product page says what there is: breadcrumb, price, stock, and an address of its own', async () => {
  const shop = await openFrontend({ stock: 4 })
  const { html, headers } = await shop.browser().get('/product/laptop-pro')

  expect(html).toContain('<title>Laptop Pro – Vitrine</title>')
  expect(html).toMatch(/Accueil<\/a>.*Produits<\/a>.*aria-current="page">Laptop Pro</)
  expect(html).toContain('1\u202f299,99\u00a0€')
  expect(html).toContain('Plus que 4')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(shop.seen.trace('GET /product/:slug')).toHaveAttributes({ 'product.slug': 'laptop-pro' })
})

test('a product that is sold out cannot be added', async () => {
  const shop = await openFrontend({ stock: 0 })
  const { html } = await shop.browser().get('/product/laptop-pro')

  expect(html).toContain('Épuisé')
  expect(html).not.toContain('Ajouter au panier')
  expect(shop.seen.trace('GET /product/:slug')).not.toHaveFailed()
})

test('every wrong field of a registration is shown at once, with what was typed, never the password', async () => {
  const shop = await openFrontend()
  const wrong = { username: 'a', email: 'nowhere', password: 'secret1', first_name: '', last_name: 'O"Neil <b>' }

  const answer = await shop.browser().post('/register', wrong)

  expect(answer.status).toBe(422)
  expect(answer.html.match(/class="error" id="(\w+)-erreur"/g)).toHaveLength(4)
  expect(answer.html).toContain('aria-describedby="username-erreur username-aide"')
  expect(answer.html).toContain('value="nowhere"')
  expect(answer.html).toContain('value="O&quot;Neil &lt;b&gt;"')
  expect(answer.html).not.toContain('secret1')
  expect(shop.seen.trace('POST /register')).toHaveAttributes({ 'problem.code': 'INVALID_REQUEST' })
})

test('a name or an address that has an account is said beside its field', async () => {
  const shop = await openFrontend()
  const person = {
    username: 'zoe',
    email: 'zoe@example.test',
    password: 'correct horse',
    first_name: 'Z',
    last_name: 'Z',
  }
  await shop.browser().register(person)

  const sameName = await shop.browser().post('/register', { ...person, email: 'other@example.test' })
  const sameAddress = await shop.browser().post('/register', { ...person, username: 'other' })

  expect([sameName.status, sameAddress.status]).toEqual([409, 409])
  expect(sameName.html).toMatch(/id="username-erreur">Ce nom d’utilisateur est déjà pris/)
  expect(sameAddress.html).toMatch(/id="email-erreur">Cette adresse e-mail a déjà un compte/)
  expect(shop.seen.trace('POST /register')).toHaveAttributes({ 'problem.code': 'EMAIL_TAKEN' })
})

test('wrong credentials are answered 401 with the name kept', async () => {
  const shop = await openFrontend()
  const answer = await shop.browser().post('/login', { username: 'nobody', password: 'wrong' })

  expect(answer.status).toBe(401)
  expect(answer.html).toContain('Impossible de se connecter')
  expect(answer.html).toContain('value="nobody"')
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(shop.seen.trace('POST /login')).toHaveAttributes({ 'problem.code': 'BAD_CREDENTIALS' })
})

test('a form of another site is refused, with a page', async () => {
  const { shop, visitor } = await signedUp()
  const foreign = { Origin: 'https://evil.test', 'Sec-Fetch-Site': 'cross-site' }

  const answer = await visitor.post('/cart/add', { product_id: productId(1), quantity: 1 }, foreign)

  expect(answer.status).toBe(403)
  expect(answer.html).toContain('Action refusée')
  expect(answer.html).toContain(answer.traceId)
  expect((await visitor.get('/checkout')).html).toContain('Votre panier est vide')
  expect(spansNamed(shop, 'POST /api/order/add-item')).toEqual([])
})

test('a body that is no form is refused', async () => {
  const shop = await openFrontend()
  const answer = await shop.browser().post('/login', {}, { 'Content-Type': 'application/json' })

  expect([answer.status, answer.html.includes('Format non pris en charge')]).toEqual([415, true])
})

test('a form that is too large is refused', async () => {
  const shop = await openFrontend()
  const answer = await shop.browser().post('/login', { username: 'a'.repeat(20_000), password: 'x' })

  expect(answer.status).toBe(413)
  expect(answer.html).toContain('Envoi trop volumineux')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
})

test.each([
  ['/orders', '/orders'],
  ['/product/webcam-hd?x=1', '/product/webcam-hd?x=1'],
  ['//evil.test', '/'],
  ['/\\evil.test', '/'],
  ['/\t/evil.test', '/'],
  ['https://evil.test/', '/'],
  ['javascript:alert(1)', '/'],
  ['/orders\r\nSet-Cookie: a=b', '/'],
  ['/\u0085/evil.test', '/'],
])('after a login, %j leads to %j', async (returnTo, location) => {
  const shop = await openFrontend()
  const asked = await shop.browser().get(`/login?return_to=${encodeURIComponent(returnTo)}`)
  expect(hiddenFields(asked.html, '/login').return_to ?? '/').toBe(location)

  const answer = await shop.browser().post('/login', { username: 'admin', password: 'admin123', return_to: returnTo })

  expect([answer.status, answer.location]).toEqual([303, location])
})

test('who must sign in comes back to where they were', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  await visitor.get('/product/webcam-hd')

  const asked = await add(visitor, 10)

  expect([asked.status, asked.location]).toEqual([303, '/login'])
  expect((await visitor.follow(asked)).html).toContain('Veuillez vous connecter')
  const back = await visitor.post('/login', { username: 'admin', password: 'admin123' })
  expect(back.location).toBe('/product/webcam-hd')
  expect((await shop.browser().get('/orders?cursor=x')).location).toBe('/login')
})

test('a passer-by gets no cookie', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  for (const path of ['/', '/product/laptop-pro', '/login', '/register', '/nowhere', '/images/laptop-pro.svg']) {
    expect((await visitor.get(path)).headers.getSetCookie()).toEqual([])
  }
  expect((await visitor.get('/', { Cookie: 'session=forged' })).headers.getSetCookie()).toEqual([
    expect.stringContaining('Max-Age=0'),
  ])
})

test('the session is sealed, and out of reach of scripts', async () => {
  const shop = await openFrontend()
  const login = await shop.browser().post('/login', { username: 'admin', password: 'admin123' })

  const [cookie = '', ...others] = login.headers.getSetCookie()
  expect(others).toEqual([])
  expect(cookie).toMatch(/^session=[\w-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/)
  const value = /=([\w-]+)/.exec(cookie)?.[1] ?? ''
  expect(Buffer.from(value, 'base64url').toString('latin1')).not.toMatch(/token|user|_data/)
})

test('over HTTPS the cookie is for this host only', async () => {
  const shop = await openFrontend({ secureCookies: true })
  const login = await shop.browser().post('/login', { username: 'admin', password: 'admin123' })

  expect(login.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-session=.*; Secure;/)])
})

test('what a session held before a login is forgotten', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  await visitor.get('/orders')
  const before = visitor.cookies.get('session')

  await visitor.follow(await visitor.post('/login', { username: 'admin', password: 'admin123' }))

  expect(before).toBeString()
  expect(visitor.cookies.get('session')).not.toBe(before as string)
  expect((await visitor.get('/login', { Referer: '' })).location).toBe('/')
})

test('a logout revokes the token: an old copy of the cookie is worth nothing', async () => {
  const { shop, visitor } = await signedUp()
  const copy = shop.browser(new Map(visitor.cookies))

  const out = await visitor.post('/logout')

  expect([out.status, out.location]).toEqual([303, '/'])
  expect((await visitor.follow(out)).html).toContain('Connexion')
  expect(visitor.cookies.size).toBe(0)
  const replayed = await copy.get('/checkout')
  expect([replayed.status, replayed.location]).toEqual([303, '/login'])
  expect(shop.seen.trace('checkout_validation')).toHaveAttributes({ 'checkout.status': 'unauthorized' })
  expect((await copy.follow(replayed)).html).toContain('Connexion')
})

test('a checkout without sign-in is unauthorized, not an error', async () => {
  const shop = await openFrontend()

  const seen = await shop.browser().get('/checkout')
  const tried = await shop.browser().post(pay, { expected_total_cents: 1, idempotency_key: 'key-of-nobody' })

  expect([seen.location, tried.location]).toEqual(['/login', '/login'])
  expect(shop.seen.trace('checkout_validation')).toHaveAttributes({ 'checkout.status': 'unauthorized' })
  expect(shop.seen.trace('checkout_process')).toHaveAttributes({ 'process.status': 'unauthorized' })
  expect(shop.seen.trace('checkout_process')).not.toHaveFailed()
  expect(shop.seen.logs('checkout.refused')[0]).toHaveAttributes({ reason: 'unauthorized' })
})

test('there is nothing to pay in an empty cart', async () => {
  const { shop, visitor } = await signedUp()

  const { html } = await visitor.get('/checkout')
  const tried = await visitor.post(pay, { expected_total_cents: 0, idempotency_key: 'key-for-nothing' })

  expect(html).toContain('Votre panier est vide')
  expect(html).not.toContain('Confirmer et payer')
  expect([tried.status, tried.location]).toEqual([303, '/checkout'])
  expect(shop.seen.trace('checkout_validation')).toHaveAttributes({ 'checkout.status': 'no_order' })
  expect(shop.seen.trace('checkout_process')).toHaveAttributes({ 'process.status': 'no_order' })
})

test('the same form submitted twice gives one order', async () => {
  const { shop, visitor } = await signedUp()
  await add(visitor)
  const form = await payForm(visitor)
  const twin = shop.browser(new Map(visitor.cookies))

  const [first, second] = await Promise.all([visitor.post(pay, form), twin.post(pay, form)])
  const third = await visitor.post(pay, form)

  expect([first.status, second.status, third.status]).toEqual([303, 303, 303])
  expect(new Set([first.location, second.location, third.location]).size).toBe(1)
  expect(await ordersOf(visitor)).toHaveLength(1)
  expect(await shop.seen.metric('orders.checkout.completed')).toBe(1)
})

test('a price that changed meanwhile is shown before anything is paid', async () => {
  const { shop, visitor } = await signedUp()
  await add(visitor)
  const form = await payForm(visitor)
  await changePrice(shop, 1, 119999)

  const refused = await visitor.post(pay, form)

  expect([refused.status, refused.location]).toEqual([303, '/checkout'])
  const recap = await visitor.follow(refused)
  expect(recap.html).toContain('il est maintenant de 1\u202f199,99\u00a0€')
  expect(hiddenFields(recap.html, pay)).toMatchObject({ expected_total_cents: '119999' })
  const span = shop.seen.trace('checkout_process')
  expect(span).toHaveAttributes({ 'process.status': 'price_changed', 'order.total_cents': 119999 })
  expect(span).not.toHaveFailed()
  const [refusal] = shop.seen.logs('checkout.refused')
  expect(refusal).toHaveAttributes({ reason: 'price_changed' })
  expect(refusal?.severityText).toBe('WARN')
  expect((await visitor.post(pay, hiddenFields(recap.html, pay))).location).toStartWith('/order/thank-you')
})

test('a product that others bought meanwhile is named', async () => {
  const { shop, visitor } = await signedUp({ stock: 1 })
  const rival = shop.browser()
  await rival.signUp()
  for (const one of [visitor, rival]) await add(one, 5)
  await rival.post(pay, await payForm(rival))

  const refused = await visitor.post(pay, await payForm(visitor))

  expect(refused.location).toBe('/checkout')
  expect((await visitor.follow(refused)).html).toContain('Stock insuffisant\u00a0: Montre Connectée')
  expect(shop.seen.trace('checkout_process')).toHaveAttributes({ 'process.status': 'out_of_stock' })
  expect(shop.seen.trace('checkout_process')).not.toHaveFailed()
  expect(shop.seen.logs('checkout.refused')).toHaveLength(1)
})

test('a total that nobody agreed to is not charged', async () => {
  const { shop, visitor } = await signedUp()
  await add(visitor)

  const refused = await visitor.post(pay, { idempotency_key: 'a-key-without-total' })

  expect(refused.location).toBe('/checkout')
  expect(await ordersOf(visitor)).toEqual([])
  expect(shop.seen.trace('checkout_process')).toHaveAttributes({ 'process.status': 'price_changed' })
})

test('while product-service is away the home page says so and keeps its navigation', async () => {
  const { shop, visitor } = await signedUp()
  shop.away.add('product-service')

  for (const path of ['/', '/products', '/product/laptop-pro']) {
    const answer = await visitor.get(path)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(answer.html).toContain('Le catalogue est momentanément indisponible')
    expect(answer.html).toContain('Déconnexion')
    expect(answer.html).toContain(answer.traceId)
  }
  expect(shop.seen.trace('GET /')).toHaveFailed()
  expect(shop.seen.trace('GET /')).toHaveAttributes({ 'problem.code': 'CATALOGUE_UNAVAILABLE' })
})

test('a checkout that fails keeps its key, so that trying again gives one order', async () => {
  const { shop, visitor } = await signedUp()
  await add(visitor)
  const form = await payForm(visitor)
  shop.away.add('product-service')

  const failed = await visitor.post(pay, form)

  expect(failed.status).toBe(503)
  expect(failed.headers.get('retry-after')).toBe('5')
  expect(failed.html).toContain('Vous pouvez réessayer sans risque')
  expect(failed.html).toContain('Laptop Pro')
  expect(hiddenFields(failed.html, pay)).toEqual(form)
  const span = shop.seen.trace('checkout_process')
  expect(span).toHaveAttributes({ 'process.status': 'failed', 'error.type': 'UNAVAILABLE' })
  expect(span).toHaveFailed()
  expect(shop.seen.trace('POST /checkout/process')).toHaveFailed()

  shop.away.clear()
  const retried = await visitor.post(pay, hiddenFields(failed.html, pay))
  expect(retried.location).toStartWith('/order/thank-you')
  expect(await ordersOf(visitor)).toHaveLength(1)
})

test('while order-service is away a checkout keeps its key as well', async () => {
  const { shop, visitor } = await signedUp()
  await add(visitor)
  const form = await payForm(visitor)
  shop.away.add('order-service')

  const failed = await visitor.post(pay, form)

  expect(failed.status).toBe(503)
  expect(hiddenFields(failed.html, pay)).toEqual(form)
  expect((await visitor.get('/checkout')).status).toBe(503)
  expect(shop.seen.trace('checkout_validation')).toHaveFailed()
})

test('while user-service is away a login says so and keeps the name', async () => {
  const shop = await openFrontend()
  shop.away.add('user-service')

  const answer = await shop.browser().post('/login', { username: 'admin', password: 'admin123' })

  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  expect(answer.html).toContain('Impossible de se connecter')
  expect(answer.html).toContain('value="admin"')
  expect(shop.seen.trace('POST /login')).toHaveFailed()
})

test.each([
  ['GET', '/nowhere', 404, 'Page introuvable'],
  ['GET', '/product/nothing', 404, 'Cet article n’existe pas'],
  ['GET', '/product/..%2Fproducts', 404, 'Cet article n’existe pas'],
  ['GET', '/assets/..%2Fapp.tsx', 404, 'Page introuvable'],
  ['GET', '/images/nothing.svg', 404, 'Page introuvable'],
  ['GET', '/cart/add', 405, 'Action impossible ici'],
  ['PUT', '/products', 405, 'Action impossible ici'],
  ['POST', '/orders', 405, 'Action impossible ici'],
  ['GET', '/products?cursor=abcdefghijklmnopqrstuvwxyz-abcdefghijklmnop', 400, 'Demande incorrecte'],
])('%s %s is a page with %i, navigation and trace id', async (method, path, status, title) => {
  const shop = await openFrontend()
  const form = method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}
  const headers = { ...form, 'Sec-Fetch-Site': 'same-origin' }
  const answer = await shop.frontend.request(path, { method, headers })

  const html = await answer.text()
  expect(answer.status).toBe(status)
  expect(html).toContain(title)
  expect(html).toContain('Navigation principale')
  expect(html).toContain(answer.headers.get('x-trace-id') as string)
  expect(answer.headers.get('content-security-policy')).not.toContain('unsafe')
  if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET|POST/)
})

test('the order of somebody else does not exist', async () => {
  const { shop, visitor } = await signedUp()
  await add(visitor)
  const { location } = await visitor.post(pay, await payForm(visitor))
  const id = location?.split('order=')[1]
  const stranger = shop.browser()
  await stranger.signUp()

  const answers = [await stranger.get(`/orders/${id}`), await stranger.get(`/order/thank-you?order=${id}`)]

  expect(answers.map(({ status }) => status)).toEqual([404, 404])
  expect((await visitor.get(`/orders/${id}`)).status).toBe(200)
  expect(shop.seen.trace('GET /orders/:id')).toHaveAttributes({ 'order.id': id as string })
})

test.each([
  ['0', 'La quantité doit être un nombre entier de 1 à 99'],
  ['100', 'La quantité doit être un nombre entier de 1 à 99'],
  ['1e1', 'La quantité doit être un nombre entier de 1 à 99'],
  ['30', 'Il ne reste que 25 de cet article'],
])('adding %s pieces is explained', async (quantity, text) => {
  const { shop, visitor } = await signedUp()
  await visitor.get('/product/laptop-pro')

  const refused = await visitor.post('/cart/add', { product_id: productId(1), quantity })

  expect([refused.status, refused.location]).toEqual([303, '/product/laptop-pro'])
  expect((await visitor.follow(refused)).html).toContain(text)
  expect(shop.seen.trace('POST /cart/add').attributes['problem.code']).toBeString()
})

test('the number of articles follows the cart, and is back after a login', async () => {
  const { shop, visitor } = await signedUp()
  const shown = (html: string) => /data-cart-count[^>]*>(\d+)</.exec(html)?.[1]
  await add(visitor, 1, 2)
  await add(visitor, 2, 3)
  expect(shown((await visitor.get('/')).html)).toBe('5')

  const removed = await visitor.post(`/cart/remove/${productId(2)}`)
  const recap = await visitor.follow(removed)

  expect(recap.html).toContain('Produit retiré du panier')
  expect(shown(recap.html)).toBe('2')
  await visitor.post(pay, hiddenFields(recap.html, pay))
  expect(shown((await visitor.get('/')).html)).toBe('0')
  expect(await shop.seen.metric('cart.items.added')).toBe(5)
})

test('the script of the cart saves a quantity and learns the total that may be paid', async () => {
  const { shop, visitor } = await signedUp()
  await add(visitor)
  const update = (quantity: string) =>
    visitor.post(`/cart/update/${productId(1)}`, { quantity }, { Accept: 'application/json' })

  const saved = await update('2')
  const refused = await update('0')

  expect(saved.status).toBe(200)
  expect(JSON.parse(saved.html)).toMatchObject({ total_cents: 259998, total: '2\u202f599,98\u00a0€', items_count: 2 })
  expect([refused.status, JSON.parse(refused.html).message]).toEqual([
    422,
    'La quantité doit être un nombre entier de 1 à 99.',
  ])
  expect(await payForm(visitor)).toMatchObject({ expected_total_cents: '259998' })
  expect(shop.seen.trace('POST /cart/update/:productId')).toHaveAttributes({ 'problem.code': 'WRONG_QUANTITY' })
})

test('what people typed is text, never markup', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  const name = '<img src=x onerror="alert(1)">'
  const person = { username: 'mallory', email: 'm@example.test', password: 'correct horse' }

  const { html } = await visitor.register({ ...person, first_name: name, last_name: name })

  expect(html).toContain('Bienvenue, &lt;img src=x')
  expect(html).not.toContain('<img src=x')
  const login = await shop.browser().post('/login', { username: '"><script>alert(1)</script>', password: 'x' })
  expect(login.html).not.toContain('<script>alert')
})

test('assets live for ever under the hash of their content, pictures for a day', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  const style = /href="(\/assets\/style\.[0-9a-f]{12}\.css)"/.exec((await visitor.get('/')).html)?.[1] ?? ''

  const sheet = await visitor.get(style)
  const picture = await visitor.get('/images/laptop-pro.svg')
  const again = await visitor.get('/images/laptop-pro.svg', { 'If-None-Match': picture.headers.get('etag') ?? '' })

  expect(sheet.headers.get('cache-control')).toContain('immutable')
  expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8')
  expect([picture.status, again.status, again.html]).toEqual([200, 304, ''])
  expect((await visitor.get('/favicon.ico')).headers.get('content-type')).toBe('image/svg+xml')
})

test('nothing personal is in any signal', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  const person = {
    username: 'philomene.quatrevaux',
    email: 'philomene@quatrevaux.test',
    password: 'mot de passe secret',
    first_name: 'Philomène',
    last_name: 'Quatrevaux',
  }
  await visitor.post('/register', { ...person, password: 'short' })
  await visitor.post('/login', { username: person.username, password: person.password })
  await visitor.register(person)
  await add(visitor)
  shop.away.add('order-service')
  await visitor.post(pay, { expected_total_cents: 129999, idempotency_key: 'a-personal-key' })
  shop.away.clear()
  await visitor.post(pay, await payForm(visitor))
  await visitor.post('/logout')

  const spans = shop.seen.spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))
  const logs = shop.seen.logs().map(({ body, attributes }) => ({ body, attributes }))
  const series = (await shop.seen.metrics()).flatMap(({ dataPoints }) => dataPoints.map(({ attributes }) => attributes))
  const said = JSON.stringify([spans, logs, series, shop.seen.lines()])
  expect(spans.length).toBeGreaterThan(50)
  expect(said).not.toMatch(/philom|quatrevaux|mot de passe|correct horse|session=|Bearer/i)
})
