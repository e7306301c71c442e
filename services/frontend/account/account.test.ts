import { expect, test } from 'bun:test'
import { hiddenFields } from '../../../stack/clients/hidden-fields'
import { addToCart, openFrontend, openSignedInFrontend } from '../../../test/storefront'

test('a failed registration shows an error at each invalid field and keeps all values except the password', async () => {
  const shop = await openFrontend()
  const wrong = { username: 'a', email: 'nowhere', password: 'secret1', first_name: '', last_name: 'O"Neil <b>' }

  const response = await shop.browser().post('/register', wrong)

  expect(response.status).toBe(422)
  expect(response.html.match(/class="error" id="(\w+)-erreur"/g)).toHaveLength(4)
  expect(response.html).toContain('aria-describedby="username-erreur"')
  expect(response.html).toContain('value="nowhere"')
  expect(response.html).toContain('value="O&quot;Neil &lt;b&gt;"')
  expect(response.html).not.toContain('secret1')
  expect(shop.recording.span('POST /register')).toHaveAttributes({ 'problem.code': 'INVALID_REQUEST' })
})

test('a username or an e-mail address that is taken is an error at its field', async () => {
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
  expect(shop.recording.span('POST /register')).toHaveAttributes({ 'problem.code': 'EMAIL_TAKEN' })
})

test('wrong credentials are a 401, and the form keeps the username', async () => {
  const shop = await openFrontend()
  const response = await shop.browser().post('/login', { username: 'unknown', password: 'wrong' })

  expect(response.status).toBe(401)
  expect(response.html).toContain('Impossible de se connecter')
  expect(response.html).toContain('value="unknown"')
  expect(response.headers.getSetCookie()).toEqual([])
  expect(shop.recording.span('POST /login')).toHaveAttributes({ 'problem.code': 'BAD_CREDENTIALS' })
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
])('after a login, return_to %j redirects to %j', async (returnTo, location) => {
  const shop = await openFrontend()
  const loginPage = await shop.browser().get(`/login?return_to=${encodeURIComponent(returnTo)}`)
  expect(hiddenFields(loginPage.html, '/login').return_to ?? '/').toBe(location)

  const response = await shop.browser().post('/login', { username: 'admin', password: 'admin123', return_to: returnTo })

  expect([response.status, response.location]).toEqual([303, location])
})

test('a visitor who must sign in is redirected back after the login', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  await visitor.get('/product/webcam-hd')

  const redirected = await addToCart(visitor, 10)

  expect([redirected.status, redirected.location]).toEqual([303, '/login'])
  expect((await visitor.follow(redirected)).html).toContain('Veuillez vous connecter')
  const back = await visitor.post('/login', { username: 'admin', password: 'admin123' })
  expect(back.location).toBe('/product/webcam-hd')
  expect((await shop.browser().get('/orders?cursor=x')).location).toBe('/login')
})

test('a login removes the data of the session before it', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  await visitor.get('/orders')
  const before = visitor.cookies.get('session')

  await visitor.follow(await visitor.post('/login', { username: 'admin', password: 'admin123' }))

  expect(before).toBeString()
  expect(visitor.cookies.get('session')).not.toBe(before as string)
  expect((await visitor.get('/login', { Referer: '' })).location).toBe('/')
})

test('a logout revokes the token, so that a copy of the cookie is no longer valid', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  const copy = shop.browser(new Map(visitor.cookies))

  const out = await visitor.post('/logout')

  expect([out.status, out.location]).toEqual([303, '/'])
  expect((await visitor.follow(out)).html).toContain('Connexion')
  expect(visitor.cookies.size).toBe(0)
  const replayed = await copy.get('/checkout')
  expect([replayed.status, replayed.location]).toEqual([303, '/login'])
  expect(shop.recording.span('checkout_validation')).toHaveAttributes({ 'checkout.status': 'unauthorized' })
  expect((await copy.follow(replayed)).html).toContain('Connexion')
})

test('while user-service is unavailable, the login form shows an error and keeps the username', async () => {
  const shop = await openFrontend()
  shop.unreachable.add('user-service')

  const response = await shop.browser().post('/login', { username: 'admin', password: 'admin123' })

  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  expect(response.html).toContain('Impossible de se connecter')
  expect(response.html).toContain('value="admin"')
  expect(shop.recording.span('POST /login')).toHaveFailed()
})
