import { expect, test } from 'bun:test'
import { hiddenFields } from '../../stack/clients/hidden-fields'
import { productId } from '../../test/shop'
import { addToCart, checkoutPath, fetchCheckoutForm, openFrontend, openSignedInFrontend } from '../../test/storefront'

test('a shopper registers, buys and sees the order; span and log record the checkout', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  const alice = { username: 'alice', password: 'correct horse', email: 'alice@example.test' }

  const registered = await visitor.post('/register', { ...alice, first_name: 'Alice', last_name: 'Martin' })
  expect([registered.status, registered.location]).toEqual([303, '/login'])
  expect((await visitor.follow(registered)).html).toContain('Merci pour votre inscription, veuillez vous connecter')
  const home = await visitor.follow(await visitor.post('/login', alice))
  expect(home.html).toContain('Bienvenue, Alice')
  expect(home.html).toContain('Boutique Tech')

  const product = await visitor.follow(await addToCart(visitor, 3, 2))
  expect(product.html).toContain('Ajouté au panier')
  expect(product.html).toContain('<h1>Casque Sans Fil</h1>')
  const updated = await visitor.post(`/cart/update/${productId(3)}`, { quantity: 3 })
  expect([updated.status, updated.location]).toEqual([303, '/checkout'])
  const recap = await visitor.follow(updated)
  expect(recap.html).toContain('Récapitulatif de la commande')
  expect(recap.html).toContain('449,97\u00a0€')
  expect(recap.html).toContain('Confirmer et payer')
  const userId = shop.recording.span('checkout_validation').attributes['user.id'] as string
  expect(userId).toMatch(/^[0-9a-f-]{36}$/)
  expect(shop.recording.span('checkout_validation')).toHaveAttributes({
    'checkout.status': 'valid',
    'order.items_count': 3,
    'order.total_cents': 44997,
    'order.total_price': 449.97,
  })

  const paid = await visitor.post(checkoutPath, hiddenFields(recap.html, checkoutPath))
  expect(paid.status).toBe(303)
  expect(paid.location).toStartWith('/order/thank-you')
  const span = shop.recording.span('checkout_process')
  expect(span).toHaveAttributes({
    'process.status': 'success',
    'order.items_count': 3,
    'order.total_cents': 44997,
    'order.total_price': 449.97,
    'user.id': userId,
  })
  expect(span).not.toHaveFailed()
  const [completed] = shop.recording.logs('checkout.completed')
  expect(completed).toHaveAttributes({ 'order.id': span.attributes['order.id'] as string, 'order.total_cents': 44997 })
  expect(shop.recording.logs('checkout.started')).toHaveLength(1)
  expect(shop.recording.tree(paid.traceId)).toContain('product-service PUT /api/reservations/:orderId')

  const thanks = await visitor.follow(paid)
  expect(thanks.html).toContain('Merci pour votre commande\u202f!')
  const number = /<strong>(\d{6}-\w{8})<\/strong>/.exec(thanks.html)?.[1] ?? 'none'
  const history = await visitor.get('/orders')
  expect(history.html).toContain(number)
  expect(history.html).toContain('Confirmée')
  expect((await visitor.get(`/orders/${span.attributes['order.id']}`)).html).toContain('Casque Sans Fil')
})

test('a form of another site is refused with a page', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  const foreign = { Origin: 'https://evil.test', 'Sec-Fetch-Site': 'cross-site' }

  const response = await visitor.post('/cart/add', { product_id: productId(1), quantity: 1 }, foreign)

  expect(response.status).toBe(403)
  expect(response.html).toContain('Action refusée')
  expect(response.html).toContain(response.traceId)
  expect((await visitor.get('/checkout')).html).toContain('Votre panier est vide')
  expect(shop.recording.spans().map((span) => span.name)).not.toContain('POST /api/order/add-item')
})

test('a body that is not a form is refused', async () => {
  const shop = await openFrontend()
  const response = await shop.browser().post('/login', {}, { 'Content-Type': 'application/json' })

  expect([response.status, response.html.includes('Format non pris en charge')]).toEqual([415, true])
})

test('a form that is too large is refused', async () => {
  const shop = await openFrontend()
  const response = await shop.browser().post('/login', { username: 'a'.repeat(20_000), password: 'x' })

  expect(response.status).toBe(413)
  expect(response.html).toContain('Envoi trop volumineux')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
})

test('every page has the headers that protect its visitors', async () => {
  const { visitor } = await openSignedInFrontend()
  for (const path of ['/', '/checkout', '/orders', '/nowhere']) {
    const { headers } = await visitor.get(path)
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': expect.stringMatching(/no-store|no-cache/),
      'content-security-policy':
        "default-src 'self'; img-src 'self'; style-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
      'content-type': 'text/html; charset=UTF-8',
      'referrer-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
    })
    expect(headers.get('access-control-allow-origin')).toBeNull()
  }
})

test('a visitor without session data gets no cookie', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  for (const path of ['/', '/product/laptop-pro', '/login', '/register', '/nowhere', '/images/laptop-pro.svg']) {
    expect((await visitor.get(path)).headers.getSetCookie()).toEqual([])
  }
  expect((await visitor.get('/', { Cookie: 'session=forged' })).headers.getSetCookie()).toEqual([
    expect.stringContaining('Max-Age=0'),
  ])
})

test('the session cookie is encrypted and HttpOnly', async () => {
  const shop = await openFrontend()
  const login = await shop.browser().post('/login', { username: 'admin', password: 'admin123' })

  const [cookie = '', ...others] = login.headers.getSetCookie()
  expect(others).toEqual([])
  expect(cookie).toMatch(/^session=[\w-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/)
  const value = /=([\w-]+)/.exec(cookie)?.[1] ?? ''
  expect(Buffer.from(value, 'base64url').toString('latin1')).not.toMatch(/token|user|_data/)
})

test('over HTTPS the cookie has the __Host- prefix', async () => {
  const shop = await openFrontend({ secureCookies: true })
  const login = await shop.browser().post('/login', { username: 'admin', password: 'admin123' })

  expect(login.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-session=.*; Secure;/)])
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
  ['GET', '/products?cursor=abcdefghijklmnopqrstuvwxyz-abcdefghijklmnop', 400, 'Cette recherche n’est pas possible'],
  ['GET', '/products?sort=bogus', 400, 'Cette recherche n’est pas possible'],
  ['GET', `/products?q=${'a'.repeat(101)}`, 400, 'Cette recherche n’est pas possible'],
])('%s %s is a page with %i, navigation and trace id', async (method, path, status, title) => {
  const shop = await openFrontend()
  const form = method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}
  const headers = { ...form, 'Sec-Fetch-Site': 'same-origin' }
  const response = await shop.frontend.request(path, { method, headers })

  const html = await response.text()
  expect(response.status).toBe(status)
  expect(html).toContain(title)
  expect(html).toContain('Navigation principale')
  expect(html).toContain(response.headers.get('x-trace-id') as string)
  expect(response.headers.get('content-security-policy')).not.toContain('unsafe')
  if (status === 405) expect(response.headers.get('allow')).toMatch(/GET|POST/)
})

test('user input is escaped', async () => {
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

test('assets with a content hash are cached forever, images for a day', async () => {
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

  // Assets have no traces, but each request is counted and logged.
  expect(shop.recording.spans().some(({ name }) => name.startsWith('GET /images/'))).toBe(false)
  expect(await shop.recording.metric('http.server.request.duration', { 'http.route': '/images/:file' })).toBe(2)
  expect(
    shop.recording.logs('http.server.request').filter(({ attributes }) => attributes['http.route'] === '/images/:file'),
  ).toHaveLength(2)
})

test('no signal contains personal data', async () => {
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
  await addToCart(visitor)
  shop.unreachable.add('order-service')
  await visitor.post(checkoutPath, { expected_total_cents: 129999, idempotency_key: 'a-personal-key' })
  shop.unreachable.clear()
  await visitor.post(checkoutPath, await fetchCheckoutForm(visitor))
  await visitor.post('/logout')

  const spans = shop.recording
    .spans()
    .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))
  const logs = shop.recording.logs().map(({ body, attributes }) => ({ body, attributes }))
  const series = (await shop.recording.metrics()).flatMap(({ points }) => points.map(({ attributes }) => attributes))
  const telemetry = JSON.stringify([spans, logs, series, shop.recording.lines()])
  expect(spans.length).toBeGreaterThan(50)
  expect(telemetry).not.toMatch(/philom|quatrevaux|mot de passe|correct horse|session=|Bearer/i)
})
