import { expect, test } from 'bun:test'
import { hiddenFields } from '../../../stack/clients/hidden-fields'
import { openFrontend, openSignedInFrontend } from '../../../test/storefront'

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

test('passwords are hidden, and their fields are open to password managers', async () => {
  const { visitor } = await openSignedInFrontend()
  const pages = [await visitor.get('/account'), await visitor.get('/register'), await visitor.get('/login')]
  const fields = pages.flatMap(({ html }) => html.match(/<input[^>]*name="(current_|new_)?password"[^>]*>/g) ?? [])

  expect(fields.length).toBeGreaterThanOrEqual(2)
  for (const field of fields) {
    expect(field).toContain('type="password"')
    expect(field).toMatch(/autocomplete="(current|new)-password"/)
  }
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
  ['/.//evil.test/', '/'],
  ['/a/..//evil.test/', '/'],
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

  const redirected = await visitor.get('/orders?cursor=x')

  expect([redirected.status, redirected.location]).toEqual([303, '/login'])
  expect((await visitor.follow(redirected)).html).toContain('Veuillez vous connecter')
  const back = await visitor.post('/login', { username: 'admin', password: 'admin123' })
  expect(back.location).toBe('/orders?cursor=x')
})

test('the way back and the message survive a query that no cookie can store', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()

  const redirected = await visitor.get(`/orders?cursor=${'x'.repeat(5000)}`)

  expect((await visitor.follow(redirected)).html).toContain('Veuillez vous connecter')
  expect((await visitor.post('/login', { username: 'admin', password: 'admin123' })).location).toBe('/orders')
})

test('a browser that refuses cookies is informed after its first form, and others see a clean address', async () => {
  const shop = await openFrontend()
  const asBrowser = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'same-origin' }
  const admin = { username: 'admin', password: 'admin123' }

  const refusing = await shop.browser().post('/login', admin, asBrowser)
  const informed = await shop.browser().get(refusing.location ?? '')
  const visitor = shop.browser()
  const accepting = await visitor.follow(await visitor.post('/login', admin, asBrowser))

  expect(informed.html).toContain('Votre navigateur refuse les cookies')
  expect([accepting.status, accepting.location]).toEqual([303, '/'])
  expect((await visitor.follow(accepting)).html).not.toContain('refuse les cookies')
  expect((await shop.browser().post('/login', admin)).location).toBe('/')
})

test('a refused registration focuses the first wrong field, and shows its error instead of its hint', async () => {
  const shop = await openFrontend()
  const person = { username: 'a', email: 'a@example.test', password: 'short', first_name: 'A', last_name: 'B' }

  const { html } = await shop.browser().post('/register', person)

  expect(html.match(/<input[^>]*autofocus[^>]*>/g)?.map((input) => /name="(\w+)"/.exec(input)?.[1])).toEqual([
    'username',
  ])
  expect(html).toContain('username-erreur')
  expect(html).not.toContain('De 3 à 32 caractères')
})

test('a registration with an unknown outcome keeps its key, so that a retry creates one account', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  const form = hiddenFields((await visitor.get('/register')).html, '/register')
  const person = {
    username: 'yves',
    email: 'y@example.test',
    password: 'correct horse',
    first_name: 'Y',
    last_name: 'Z',
  }
  expect(form.idempotency_key).toMatch(/^[0-9a-f-]{36}$/)
  // The account is created, and its response is lost.
  const created = await shop.browser().post('/register', { ...person, ...form })
  expect(created.location).toBe('/login')
  shop.unreachable.add('user-service')

  const failed = await visitor.post('/register', { ...person, ...form })
  expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '5'])
  expect(hiddenFields(failed.html, '/register')).toEqual(form)
  shop.unreachable.clear()
  const retried = await visitor.post('/register', { ...person, ...form })

  expect(retried.location).toBe('/login')
  const other = await visitor.post('/register', { ...person, ...form, first_name: 'Other' })
  expect(other.html).toContain('Ce compte vient d’être créé avec d’autres informations')
})

test('too many wrong passwords are a 429 that says how long to wait', async () => {
  const { visitor } = await openSignedInFrontend()
  const attempt = () =>
    visitor.post('/account/password', { current_password: 'wrong', new_password: 'quite another horse' })
  let refused = await attempt()
  for (let n = 0; n < 10 && refused.status !== 429; n++) refused = await attempt()

  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.html).toMatch(/Trop d’essais\. Patientez \d+[\s\u00a0\u202f]?(seconde|minute|heure)/)
})

test('a user signs in by e-mail, sees their name, and changes the password', async () => {
  const shop = await openFrontend()
  const visitor = shop.browser()
  const person = {
    username: 'lea',
    email: 'lea@example.test',
    password: 'correct horse',
    first_name: 'Léa',
    last_name: 'B',
  }
  await visitor.post('/register', person)
  const home = await visitor.follow(await visitor.post('/login', { username: person.email, password: person.password }))
  expect(home.html).toContain('href="/account"')
  expect(home.html).toContain('<span>Léa</span>')

  const account = await visitor.get('/account')
  expect(account.html).toContain('lea@example.test')
  expect(account.html).toContain('Cette session')
  expect(account.html).not.toContain('/admin/')
  const change = (current_password: string, new_password: string) =>
    visitor.post('/account/password', { current_password, new_password })
  expect((await change('wrong', 'another horse')).html).toContain('Ce n’est pas votre mot de passe actuel')
  expect((await change(person.password, 'short')).html).toContain('Choisissez de 8 à 128 caractères')
  expect((await change(person.password, 'password1')).html).toContain('parmi les plus courants')
  const changed = await change(person.password, 'another horse')

  expect(changed.location).toBe('/account')
  expect((await visitor.follow(changed)).html).toContain('Mot de passe changé')
  expect((await shop.browser().post('/login', { username: 'lea', password: 'another horse' })).location).toBe('/')
})

test('signing out everywhere ends every session', async () => {
  const { shop, visitor } = await openSignedInFrontend()
  const copy = shop.browser(new Map(visitor.cookies))

  const out = await visitor.post('/account/sign-out-everywhere')

  expect(out.location).toBe('/')
  expect((await visitor.follow(out)).html).toContain('Toutes vos sessions sont fermées')
  expect((await copy.get('/account')).location).toBe('/login')
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
