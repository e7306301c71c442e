import { expect, test } from 'bun:test'
import { plainHasher } from '../../test/hasher'
import { jsonRequest, openShop, type Shop, serviceKey, signIn, signUp } from '../../test/shop'
import { tokens } from './schema'
import { sweepExpired } from './sweep-expired'
import { hashToken, maxIdleMs, maxLifetimeMs } from './token'

const alice = {
  username: 'alice',
  email: 'alice@example.test',
  password: 'correct horse',
  first_name: 'A',
  last_name: 'M',
}

const open = async () => {
  const clock = { nowMs: Date.now() }
  return { clock, ...(await openShop({ user: { hasher: plainHasher, now: () => clock.nowMs } })) }
}

const statusOf = async ({ users }: Pick<Shop, 'users'>, token: string) =>
  (await users.request('/api/user', jsonRequest('GET', undefined, { token }))).status

test('a login takes the e-mail address instead of the username', async () => {
  const shop = await open()
  await shop.users.request('/api/user/create', jsonRequest('POST', alice))
  const logIn = (username: string, password: string) =>
    shop.users.request('/api/user/login', jsonRequest('POST', { username, password }))

  const right = await logIn(' Alice@Example.TEST', alice.password)
  const wrong = await logIn('alice@example.test', 'wrong horse')
  const unknown = await logIn('unknown@example.test', 'wrong horse')

  expect(right.status).toBe(200)
  expect(await right.json()).toMatchObject({ user: { username: 'alice' } })
  const shown = async (response: Response) => ({ ...((await response.json()) as object), traceId: '' })
  expect(await shown(unknown)).toEqual(await shown(wrong))
  expect(wrong.status).toBe(401)
})

test('a password change ends the other sessions and not the own one', async () => {
  const shop = await open()
  const { token, username, id } = await signUp(shop)
  const other = await signIn(shop, username, 'correct horse')
  const change = { current_password: 'correct horse', new_password: 'battery staple' }

  const response = await shop.users.request('/api/user/password', jsonRequest('PUT', change, { token }))

  expect(response.status).toBe(204)
  expect([await statusOf(shop, token), await statusOf(shop, other.token)]).toEqual([200, 401])
  const logIn = async (password: string) =>
    (await shop.users.request('/api/user/login', jsonRequest('POST', { username, password }))).status
  expect([await logIn('correct horse'), await logIn('battery staple')]).toEqual([401, 200])
  expect(shop.recording.logs('password.changed')[0]).toHaveAttributes({ 'user.id': id })
  expect(shop.recording.span('PUT /api/user/password')).toHaveAttributes({ 'http.response.status_code': 204 })
})

test('a password change with a wrong current password changes nothing, and is limited', async () => {
  const shop = await open()
  const { token, username } = await signUp(shop)
  const change = async (current_password: string, new_password = 'battery staple') => {
    const body = jsonRequest('PUT', { current_password, new_password }, { token })
    const response = await shop.users.request('/api/user/password', body)
    return [response.status, response.status === 204 ? '' : ((await response.json()) as { code: string }).code]
  }

  for (let n = 0; n < 5; n++) expect(await change('wrong horse')).toEqual([403, 'WRONG_PASSWORD'])

  expect(await change('correct horse')).toEqual([429, 'TOO_MANY_REQUESTS'])
  expect(await shop.recording.metric('http.server.requests.rate_limited', { 'rate_limit.name': 'password_user' })).toBe(
    1,
  )
  expect((await signIn(shop, username, 'correct horse')).token).toBeString()
  shop.clock.nowMs += 60_000
  expect(await change('correct horse', 'short')).toEqual([400, 'INVALID_REQUEST'])
  expect(await change('correct horse', 'password1')).toEqual([422, 'PASSWORD_TOO_COMMON'])
  expect(await change('correct horse')).toEqual([204, ''])
})

test('of two password changes at the same time one succeeds', async () => {
  const shop = await open()
  const { token } = await signUp(shop)
  const change = (new_password: string) =>
    shop.users.request(
      '/api/user/password',
      jsonRequest('PUT', { current_password: 'correct horse', new_password }, { token }),
    )

  const responses = await Promise.all([change('battery staple'), change('staple battery')])

  expect(responses.map(({ status }) => status).sort()).toEqual([204, 403])
})

test('a login that began before a password change creates no session after it', async () => {
  let changed = async () => {}
  const verify = async (password: string, hash: string) => {
    const run = changed
    changed = async () => {}
    const isMatch = await plainHasher.verify(password, hash)
    await run()
    return isMatch
  }
  const shop = await openShop({ user: { hasher: { ...plainHasher, verify }, hashQueue: { maxActive: 4 } } })
  const { token, username } = await signUp(shop)
  const change = { current_password: 'correct horse', new_password: 'battery staple' }
  changed = async () => {
    expect((await shop.users.request('/api/user/password', jsonRequest('PUT', change, { token }))).status).toBe(204)
  }

  const late = await shop.users.request('/api/user/login', jsonRequest('POST', { username, password: 'correct horse' }))

  expect(late.status).toBe(401)
  expect(await shop.databases.user.database.db.select().from(tokens)).toHaveLength(1)
})

test('the list of sessions has times and marks the current one', async () => {
  const shop = await open()
  const { token, username } = await signUp(shop)
  shop.clock.nowMs += 3600_000
  await signIn(shop, username, 'correct horse')
  await signUp(shop)

  const response = await shop.users.request('/api/user/sessions', jsonRequest('GET', undefined, { token }))

  expect(response.status).toBe(200)
  const { items } = (await response.json()) as { items: Record<string, string | boolean>[] }
  expect(items.map(({ current }) => current).sort()).toEqual([false, true])
  for (const item of items) {
    expect(Object.keys(item).sort()).toEqual(['created_at', 'current', 'expires_at', 'last_used_at'])
    expect(Date.parse(item.expires_at as string)).toBeGreaterThan(shop.clock.nowMs)
  }
})

test('signing out everywhere ends all sessions of the user and of no other', async () => {
  const shop = await open()
  const { token, username } = await signUp(shop)
  const other = await signIn(shop, username, 'correct horse')
  const stranger = await signUp(shop)

  const response = await shop.users.request('/api/user/sessions', jsonRequest('DELETE', undefined, { token }))

  expect(response.status).toBe(204)
  const statuses = [token, other.token, stranger.token].map((each) => statusOf(shop, each))
  expect(await Promise.all(statuses)).toEqual([401, 401, 200])
})

test('the list of users is for administrators, and has neither hashes nor tokens', async () => {
  const shop = await openShop()
  const { token } = await signUp(shop)
  const admin = await signIn(shop, 'admin', 'admin123')
  const list = (query: string, t?: string) =>
    shop.users.request(`/api/users${query}`, jsonRequest('GET', undefined, { ...(t && { token: t }) }))

  expect((await list('?limit=0')).status).toBe(401)
  expect((await list('?limit=0', token)).status).toBe(403)
  expect((await list('?limit=0', admin.token)).status).toBe(400)
  const first = await list('?limit=1', admin.token)
  expect(first.status).toBe(200)
  const page = (await first.json()) as { items: { username: string }[]; next_cursor: string }
  const second = await list(`?limit=1&cursor=${page.next_cursor}`, admin.token)
  const rest = (await second.json()) as { items: { username: string }[]; next_cursor: null }
  expect(rest.next_cursor).toBeNull()
  expect([...page.items, ...rest.items].map((user) => Object.keys(user).sort().join())).toEqual(
    Array(2).fill('email,first_name,id,is_admin,last_name,username'),
  )
  expect(rest.items[0]?.username).toBe('admin')
  expect(JSON.stringify([page, rest])).not.toMatch(/argon2|hash|token/i)
  expect(shop.recording.span('GET /api/users')).toHaveAttributes({ 'user.id': admin.id })
})

test('services revoke a token by its hash, as often as they like', async () => {
  const shop = await open()
  const { token } = await signUp(shop)
  const revoke = (sha256: string, key = serviceKey) =>
    shop.users.request('/api/tokens/revoked', jsonRequest('PUT', { sha256 }, { headers: { 'X-Service-Key': key } }))

  expect((await revoke(hashToken(token), 'wrong')).status).toBe(403)
  expect((await revoke('abc')).status).toBe(400)
  expect(await statusOf(shop, token)).toBe(200)
  expect((await revoke(hashToken(token))).status).toBe(204)
  expect((await revoke(hashToken(token))).status).toBe(204)

  expect(await statusOf(shop, token)).toBe(401)
  expect(JSON.stringify([shop.recording.spans(), shop.recording.lines()]).includes(hashToken(token))).toBe(false)
})

test('expired tokens are deleted, also by two instances at the same time', async () => {
  const shop = await open()
  const { token } = await signUp(shop)
  const { db } = shop.databases.user.database
  const [row] = await db.select().from(tokens)
  const at = (agoMs: number) => new Date(shop.clock.nowMs - agoMs)
  const copy = (name: string, createdAgoMs: number, usedAgoMs: number) =>
    db
      .insert(tokens)
      .values({ hash: name, userId: row?.userId ?? '', createdAt: at(createdAgoMs), lastUsedAt: at(usedAgoMs) })
  await copy('idle', maxIdleMs, maxIdleMs)
  await copy('old', maxLifetimeMs, 0)
  await copy('used', maxLifetimeMs - 1000, maxIdleMs - 1000)

  const counts = await Promise.all([sweepExpired(shop.userContext), sweepExpired(shop.userContext)])

  expect(counts[0] + counts[1]).toBe(2)
  const left = (await db.select().from(tokens)).map(({ hash }) => hash)
  expect(left.sort()).toEqual([hashToken(token), 'used'].sort())
  const logged = shop.recording.logs('tokens.swept').map(({ attributes }) => Number(attributes['token.count']))
  expect(logged.reduce((sum, count) => sum + count, 0)).toBe(2)
})
