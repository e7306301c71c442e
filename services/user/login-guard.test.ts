import { expect, test } from 'bun:test'
import { plainHasher } from '../../test/hasher'
import { from, jsonRequest, openShop, serviceKey } from '../../test/shop'
import { tokens } from './schema'
import { hashToken } from './token'

const password = 'correct horse'
const person = { username: 'alice', email: 'alice@example.test', password, first_name: 'Alice', last_name: 'Martin' }

async function open() {
  const clock = { nowMs: Date.parse('2026-11-30T10:00:00Z') }
  const shop = await openShop({ user: { now: () => clock.nowMs, hasher: plainHasher } })
  await shop.users.request('/api/user/create', jsonRequest('POST', person))
  return { ...shop, clock, logIn, statusesOf }

  async function logIn(address: string, tried: string, username = 'alice') {
    const body = jsonRequest('POST', { username, password: tried })
    return shop.users.request('/api/user/login', body, from(address))
  }
  async function statusesOf(count: number, attempt: (n: number) => Response | Promise<Response>) {
    const statuses: number[] = []
    for (let n = 0; n < count; n++) statuses.push((await attempt(n)).status)
    return statuses
  }
}

const own = '203.0.113.7'
const foreign = '198.51.100.9'

test('five wrong passwords for one name from one address are followed by 429 with Retry-After', async () => {
  const { logIn, statusesOf, clock, recording } = await open()
  expect(await statusesOf(5, () => logIn(foreign, 'wrong horse'))).toEqual([401, 401, 401, 401, 401])

  const refused = await logIn(foreign, 'wrong horse')

  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
  expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS', retry_after_s: 60 })
  expect(await recording.metric('users.logins', { result: 'rate_limited' })).toBe(1)
  const labels = { 'rate_limit.name': 'login_name_address' }
  expect(await recording.metric('http.server.requests.rate_limited', labels)).toBe(1)
  expect(recording.logs('rate_limit.exceeded')[0]).toHaveAttributes(labels)
  expect(recording.logs('http.server.request').at(-1)).toHaveAttributes({ 'problem.code': 'TOO_MANY_REQUESTS' })
  clock.nowMs += 60_000
  expect((await logIn(foreign, password)).status).toBe(200)
})

test('a limited address cannot go on with the e-mail address or another spelling of the name', async () => {
  const { logIn, statusesOf } = await open()
  await statusesOf(5, (n) => logIn(foreign, 'wrong horse', ['alice', 'alice@example.test', ' ALICE '][n % 3]))

  expect((await logIn(foreign, password, 'Alice@EXAMPLE.test')).status).toBe(429)
})

test('one address has twenty wrong passwords for all names, known or not', async () => {
  const { logIn, statusesOf, recording } = await open()
  const statuses = await statusesOf(21, (n) => logIn(foreign, 'wrong horse', `name-${n}`))

  expect(statuses).toEqual([...Array(20).fill(401), 429])
  expect(await recording.metric('http.server.requests.rate_limited', { 'rate_limit.name': 'login_address' })).toBe(1)
  expect((await logIn(own, 'wrong horse', 'name-20')).status).toBe(401)
})

test('right passwords are never refused, and a user has at most a hundred sessions', async () => {
  const { logIn, statusesOf, databases, clock } = await open()
  const first = ((await (await logIn(own, password)).json()) as { token: string }).token
  clock.nowMs += 1000

  expect(new Set(await statusesOf(100, () => logIn(own, password)))).toEqual(new Set([200]))

  const hashes = (await databases.user.database.db.select().from(tokens)).map(({ hash }) => hash)
  expect(hashes).toHaveLength(100)
  expect(hashes).not.toContain(hashToken(first))
})

test('a person whose name is under attack from everywhere signs in from an address of their own', async () => {
  const { logIn, statusesOf } = await open()
  await statusesOf(200, (n) => logIn(`198.51.${n >> 4}.${n & 15}`, 'wrong horse'))

  expect((await logIn(own, password)).status).toBe(200)
})

test('while a name is under attack, each address has one wrong password and not five', async () => {
  const { logIn, statusesOf, clock } = await open()
  await statusesOf(20, (n) => logIn(`198.51.100.${n}`, 'wrong horse'))

  expect(await statusesOf(2, () => logIn(own, 'wrong horse'))).toEqual([401, 429])
  clock.nowMs += 60_000
  expect((await logIn(own, password)).status).toBe(200)
})

test('neither a header nor another address of the same IPv6 network makes an attacker a new client', async () => {
  const { users, logIn, statusesOf } = await open()
  await statusesOf(5, (n) => logIn(`2001:db8:1:2::${n}`, 'wrong horse'))
  const body = jsonRequest(
    'POST',
    { username: 'alice', password },
    { headers: { 'X-Client-Address': own, 'X-Forwarded-For': own } },
  )

  expect((await logIn('2001:db8:1:2:ffff::1', password)).status).toBe(429)
  expect((await users.request('/api/user/login', body, from('2001:db8:1:2::7'))).status).toBe(429)
})

test('the storefront forwards the address of its shopper', async () => {
  const { users, statusesOf } = await open()
  const logIn = (address: string, tried: string) => {
    const headers = { 'X-Client-Address': address, 'X-Service-Key': serviceKey }
    const body = jsonRequest('POST', { username: 'alice', password: tried }, { headers })
    return users.request('/api/user/login', body, from('10.0.0.5'))
  }
  await statusesOf(5, () => logIn(foreign, 'wrong horse'))

  expect([(await logIn(foreign, password)).status, (await logIn(own, password)).status]).toEqual([429, 200])
})

test('an address registers twenty accounts, and then one per minute', async () => {
  const { users, clock } = await open()
  const register = async (n: number, address = foreign) => {
    const body = jsonRequest('POST', { ...person, username: `new-${n}`, email: `new-${n}@example.test` })
    return users.request('/api/user/create', body, from(address))
  }
  for (let n = 0; n < 20; n++) expect((await register(n)).status).toBe(201)

  const refused = await register(20)

  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
  expect((await register(21, own)).status).toBe(201)
  clock.nowMs += 60_000
  expect((await register(20)).status).toBe(201)
})
