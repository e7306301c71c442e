import { expect, test } from 'bun:test'
import { jsonRequest, openShop, signIn, signUp } from '../../test/shop'
import { hashToken } from './token'

const alice = {
  username: 'alice',
  email: 'alice@example.test',
  password: 'correct horse',
  first_name: 'Alice',
  last_name: 'Martin',
}
const hourMs = 3600_000

test('a registration is a 201 with the user and without the password hash', async () => {
  const { users, recording } = await openShop()

  const response = await users.request('/api/user/create', jsonRequest('POST', alice))

  expect(response.status).toBe(201)
  const { password: _, ...shown } = alice
  expect(await response.json()).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), is_admin: false, ...shown })
  const span = recording.span('POST /api/user/create')
  expect(span).toHaveAttributes({ 'http.response.status_code': 201, 'http.route': '/api/user/create' })
  expect(span.traceId).toBe(response.headers.get('x-trace-id') as string)
  expect(await recording.metric('http.server.request.duration', { 'http.route': '/api/user/create' })).toBe(1)
})

test('a password is compared as it was sent, whatever its characters', async () => {
  const { users } = await openShop()
  const password = `  Ünïcode 密码 ${'long '.repeat(20)}`
  await users.request('/api/user/create', jsonRequest('POST', { ...alice, password }))
  const statusOf = async (sent: string) =>
    (await users.request('/api/user/login', jsonRequest('POST', { username: 'alice', password: sent }))).status

  expect(await statusOf(password)).toBe(200)
  const others = [password.trim(), password.toLowerCase(), password.slice(0, 72), password.normalize('NFD')]
  for (const other of others) expect(await statusOf(other)).toBe(401)
})

test('usernames are unique regardless of case', async () => {
  const { users, recording } = await openShop()
  await users.request('/api/user/create', jsonRequest('POST', alice))

  const response = await users.request(
    '/api/user/create',
    jsonRequest('POST', { ...alice, username: ' ALICE ', email: 'other@example.test' }),
  )

  expect(response.status).toBe(409)
  expect(await response.json()).toMatchObject({ code: 'USERNAME_TAKEN' })
  expect(recording.span('POST /api/user/create')).toHaveAttributes({ 'problem.code': 'USERNAME_TAKEN' })
  expect(recording.span('POST /api/user/create')).not.toHaveFailed()
})

test('e-mail addresses are unique regardless of case', async () => {
  const { users, recording } = await openShop()
  await users.request('/api/user/create', jsonRequest('POST', alice))

  const response = await users.request(
    '/api/user/create',
    jsonRequest('POST', { ...alice, username: 'bob', email: 'Alice@EXAMPLE.test' }),
  )

  expect(response.status).toBe(409)
  expect(await response.json()).toMatchObject({ code: 'EMAIL_TAKEN' })
  expect(recording.logs('http.server.request').at(-1)).toHaveAttributes({ 'problem.code': 'EMAIL_TAKEN' })
})

test('of two concurrent registrations of one name, one succeeds', async () => {
  const { users } = await openShop()
  const again = { ...alice, email: 'other@example.test' }

  const responses = await Promise.all(
    [alice, again].map((person) => users.request('/api/user/create', jsonRequest('POST', person))),
  )

  expect(responses.map((response) => response.status).sort()).toEqual([201, 409])
})

test('an invalid registration lists all invalid fields', async () => {
  const { users, recording } = await openShop()
  const wrong = { username: 'a b', email: 'nowhere', password: 'short', first_name: ' ', last_name: 7 }

  const response = await users.request('/api/user/create', jsonRequest('POST', wrong))

  expect(response.status).toBe(400)
  const problem = (await response.json()) as { code: string; errors: { in: string; field: string }[] }
  expect(problem.code).toBe('INVALID_REQUEST')
  expect(problem.errors.map(({ field }) => field)).toEqual(['username', 'email', 'password', 'first_name', 'last_name'])
  expect(problem.errors.every((error) => error.in === 'json')).toBe(true)
  expect(recording.spans().filter((span) => span.name.startsWith('INSERT'))).toEqual([])
})

test('a login returns a token that expires in twelve hours, and the user', async () => {
  const { users, recording } = await openShop()
  expect(await recording.metric('users.logins', { result: 'success' })).toBe(0)
  expect(await recording.metric('users.logins', { result: 'bad_credentials' })).toBe(0)
  await users.request('/api/user/create', jsonRequest('POST', alice))

  const response = await users.request(
    '/api/user/login',
    jsonRequest('POST', { username: 'Alice', password: alice.password }),
  )

  expect(response.status).toBe(200)
  const session = (await response.json()) as { token: string; expires_at: string; user: object }
  expect(session.token).toMatch(/^[\w-]{43}$/)
  expect(session.user).toMatchObject({ username: 'alice', is_admin: false })
  const lastsMs = Date.parse(session.expires_at) - Date.now()
  expect(Math.abs(lastsMs - 12 * hourMs)).toBeLessThan(60_000)
  expect(await recording.metric('users.logins', { result: 'success' })).toBe(1)
  expect(await recording.metric('users.logins', { result: 'bad_credentials' })).toBe(0)
})

test('an unknown name and a wrong password get the same response', async () => {
  const { users, recording } = await openShop()
  await users.request('/api/user/create', jsonRequest('POST', alice))
  const attempt = async (username: string) => {
    const response = await users.request('/api/user/login', jsonRequest('POST', { username, password: 'wrong horse' }))
    const { traceId, ...problem } = (await response.json()) as { traceId: string; code: string }
    expect(traceId).toBe(response.headers.get('x-trace-id') as string)
    return { status: response.status, problem }
  }

  const [wrong, unknown] = [await attempt('alice'), await attempt('unknown')]

  expect(wrong.status).toBe(401)
  expect(wrong.problem.code).toBe('BAD_CREDENTIALS')
  expect(unknown).toEqual(wrong)
  expect(await recording.metric('users.logins', { result: 'bad_credentials' })).toBe(2)
  expect(await recording.metric('users.logins', { result: 'success' })).toBe(0)
})

test('an unknown name takes as long as a wrong password', async () => {
  const { users } = await openShop()
  await users.request('/api/user/create', jsonRequest('POST', alice))
  // CPU time, which does not depend on the load of the machine.
  const cpuUs = async (username: string) => {
    const before = process.cpuUsage()
    await users.request('/api/user/login', jsonRequest('POST', { username, password: 'wrong horse' }))
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  const minUs = async (username: string) =>
    Math.min(await cpuUs(username), await cpuUs(username), await cpuUs(username))

  expect(await minUs('unknown')).toBeGreaterThan((await minUs('alice')) / 3)
})

test('a request with a token returns its user', async () => {
  const shop = await openShop()
  const { token, id, username } = await signUp(shop)

  const response = await shop.users.request('/api/user', jsonRequest('GET', undefined, { token }))

  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    id,
    username,
    email: `${username}@example.test`,
    first_name: 'Alice',
    last_name: 'Martin',
    is_admin: false,
  })
  expect(shop.recording.span('GET /api/user')).toHaveAttributes({ 'user.id': id })
  expect(shop.recording.logs('http.server.request').at(-1)).toHaveAttributes({ 'user.id': id })
})

test('a request without a valid token is a 401', async () => {
  const { users, recording } = await openShop()

  for (const token of ['', 'unknown-token', 'not a token']) {
    const response = await users.request('/api/user', jsonRequest('GET', undefined, { token }))

    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(await response.json()).toMatchObject({ code: 'UNAUTHENTICATED' })
  }
  expect(recording.span('GET /api/user')).not.toHaveFailed()
})

test('a logout revokes its token and no other token of the user', async () => {
  const shop = await openShop()
  const { token, username } = await signUp(shop)
  const other = await signIn(shop, username, 'correct horse')
  const statusOf = async (t: string) =>
    (await shop.users.request('/api/user', jsonRequest('GET', undefined, { token: t }))).status
  expect([await statusOf(token), await statusOf(other.token)]).toEqual([200, 200])

  const response = await shop.users.request('/api/user/logout', jsonRequest('POST', undefined, { token }))

  expect(response.status).toBe(204)
  expect([await statusOf(token), await statusOf(other.token)]).toEqual([401, 200])
  expect(shop.recording.span('POST /api/user/logout')).toHaveAttributes({ 'http.response.status_code': 204 })
})

test('no signal contains personal data or secrets', async () => {
  const shop = await openShop()
  const person = {
    ...alice,
    username: 'zebulon',
    email: 'zeb@private.test',
    password: 'hush hush hush',
    last_name: 'Quux',
  }
  for (let times = 0; times < 2; times++) await shop.users.request('/api/user/create', jsonRequest('POST', person))
  const { token } = await signIn(shop, person.username, person.password)
  await shop.users.request('/api/user/login', jsonRequest('POST', { username: 'zebulon', password: 'another secret' }))
  await shop.users.request('/api/user', jsonRequest('GET', undefined, { token }))
  await shop.users.request('/api/user/logout', jsonRequest('POST', undefined, { token }))

  const { recording } = shop
  const spans = recording
    .spans()
    .map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links }))
  const logs = recording.logs().map(({ body, attributes }) => ({ body, attributes }))
  const everything = JSON.stringify([spans, logs, recording.lines(), await recording.metrics()])

  expect(everything).toContain('/api/user/login')
  for (const secret of [
    'zebulon',
    'private.test',
    'hush',
    'another secret',
    'Quux',
    token,
    hashToken(token),
    'argon2',
  ]) {
    expect(everything).not.toContain(secret)
  }
})
