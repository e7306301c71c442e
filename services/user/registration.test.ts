import { expect, test } from 'bun:test'
import { plainHasher } from '../../test/hasher'
import { from, jsonRequest, openShop } from '../../test/shop'
import { users } from './schema'

const alice = {
  username: 'alice',
  email: 'alice@example.test',
  password: 'correct horse',
  first_name: 'Alice',
  last_name: 'Martin',
}

async function open() {
  const shop = await openShop({ user: { hasher: plainHasher } })
  const register = (changes: object = {}, key?: string) => {
    const headers = { ...(key && { 'Idempotency-Key': key }) }
    return shop.users.request('/api/user/create', jsonRequest('POST', { ...alice, ...changes }, { headers }))
  }
  const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code
  return { ...shop, register, codeOf, db: shop.databases.user.database.db }
}

test('a repeated registration with the same key gets the same response', async () => {
  const { register, db } = await open()

  const [first, again] = [await register({}, 'key-00000001'), await register({}, 'key-00000001')]

  expect([first.status, again.status]).toEqual([201, 201])
  expect(await again.json()).toEqual(await first.json())
  expect(await db.select().from(users)).toHaveLength(2)
})

test('a repeated registration counts in the limit of its address, whatever its password', async () => {
  const { users: userService } = await open()
  const register = (password: string) => {
    const headers = { 'Idempotency-Key': 'key-00000001' }
    return userService.request(
      '/api/user/create',
      jsonRequest('POST', { ...alice, password }, { headers }),
      from('198.51.100.7'),
    )
  }
  await register(alice.password)

  const statuses: number[] = []
  for (let n = 0; n < 25; n++) statuses.push((await register(`guess number ${n}`)).status)

  expect(statuses.slice(0, 5)).toEqual([422, 422, 422, 422, 422])
  expect(statuses.slice(-5)).toEqual([429, 429, 429, 429, 429])
})

test('the same registration twice at the same time gets the same response', async () => {
  const { register } = await open()

  const responses = await Promise.all([register({}, 'key-00000001'), register({}, 'key-00000001')])

  expect(responses.map(({ status }) => status)).toEqual([201, 201])
  const [one, two] = await Promise.all(responses.map((response) => response.json()))
  expect(two).toEqual(one)
})

test.each([
  [{ password: 'another horse' }],
  [{ username: 'alicia' }],
  [{ email: 'alicia@example.test' }],
  [{ first_name: 'Alicia' }],
  [{ last_name: 'Durand' }],
])('the same key with another body %j is a 422', async (changes) => {
  const { register, codeOf, recording } = await open()
  await register({}, 'key-00000001')

  const response = await register(changes, 'key-00000001')

  expect([response.status, await codeOf(response)]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
  expect(recording.logs('http.server.request').at(-1)).toHaveAttributes({ 'problem.code': 'IDEMPOTENCY_KEY_REUSED' })
})

test('another key does not make a taken name free, and a key must be usable', async () => {
  const { register, codeOf } = await open()
  await register({}, 'key-00000001')

  const response = await register({}, 'key-00000002')

  expect([response.status, await codeOf(response)]).toEqual([409, 'USERNAME_TAKEN'])
  expect((await register({}, 'short')).status).toBe(400)
})

test.each([
  'password',
  'PassWord1',
  '12345678',
  'admin123',
  'Admin123!',
  'motdepasse',
  'soleil123',
  '!iloveyou!',
  'vitrine2026',
  '00000000',
  'abcabcabc',
  'abcdefgh',
  '98765432',
  'ｐａｓｓｗｏｒｄ',
])('the common password %j is refused, at its field', async (password) => {
  const { register, recording } = await open()

  const response = await register({ password })

  expect(response.status).toBe(422)
  expect(await response.json()).toMatchObject({
    code: 'PASSWORD_TOO_COMMON',
    errors: [{ in: 'json', field: 'password' }],
  })
  expect(recording.span('POST /api/user/create')).toHaveAttributes({ 'problem.code': 'PASSWORD_TOO_COMMON' })
})

test.each([['alice rabbit'], ['my-ALICE-2026'], ['x alice.m@example.test']])(
  'a password with the name or the address of its owner, %j, is refused',
  async (password) => {
    const { register, codeOf } = await open()

    const response = await register({ password, email: 'alice.m@example.test' })

    expect([response.status, await codeOf(response)]).toEqual([422, 'PASSWORD_CONTAINS_NAME'])
  },
)

test.each(['correct horse', 'soleil-84729105', 'kq7 vt2m', 'tr0mb0ne cassé'])(
  'the password %j is accepted',
  async (password) => {
    const { register } = await open()

    expect((await register({ password })).status).toBe(201)
  },
)
