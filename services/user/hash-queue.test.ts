import { expect, test } from 'bun:test'
import { dialect } from '../../src/database/columns'
import { withDeadline } from '../../src/deadline'
import type { DomainError } from '../../src/problem'
import { flushPromises, useFakeClock } from '../../test/clock'
import { heldHasher } from '../../test/hasher'
import { from, jsonRequest, openShop } from '../../test/shop'
import { createHashQueue, priorities } from './hash-queue'

// The order of requests is deterministic only where statements take no real time.
const isOnServer = dialect === 'mysql'

const { clean, nameFailed, last } = priorities

/** A queue with one active piece of work at a time, which ends by `finish`. */
function open({ maxQueued = 3, now = (): number => 0 } = {}) {
  const queue = createHashQueue({ maxActive: 1, maxQueued, now })
  const started: string[] = []
  const ends: (() => void)[] = []
  const outcomes: Record<string, string> = {}
  return { run, finish, started, outcomes }

  function run(name: string, priority: (typeof priorities)[keyof typeof priorities] = clean): void {
    const work = () => {
      started.push(name)
      return new Promise<void>((end) => ends.push(end))
    }
    queue(priority, work).then(
      () => (outcomes[name] = 'done'),
      (error) => (outcomes[name] = (error as DomainError).code),
    )
  }
  async function finish(): Promise<void> {
    ends.shift()?.()
    await flushPromises()
  }
}

test('work waits for its turn: clean names first, then names with failures, then addresses with failures', async () => {
  const { run, finish, started } = open({ maxQueued: 10 })
  run('active')
  run('address', last)
  run('name', nameFailed)
  run('first')
  run('second')
  for (let n = 0; n < 5; n++) await finish()

  expect(started).toEqual(['active', 'first', 'second', 'name', 'address'])
})

test('a full queue refuses at once, and gives the place of the worst to a better one', async () => {
  const { run, finish, started, outcomes } = open({ maxQueued: 2 })
  run('active')
  run('bad', last)
  run('worst', last)
  run('late', last)
  await flushPromises()
  expect(outcomes).toEqual({ late: 'OVERLOADED' })

  run('good')
  await flushPromises()

  expect(outcomes).toEqual({ late: 'OVERLOADED', worst: 'OVERLOADED' })
  for (let n = 0; n < 3; n++) await finish()
  expect(started).toEqual(['active', 'good', 'bad'])
})

test('work whose turn would come after its deadline is refused at once', async () => {
  let nowMs = 0
  const { run, finish, outcomes } = open({ maxQueued: 100, now: () => nowMs })
  // The average duration approaches 200 ms.
  for (let n = 0; n < 30; n++) {
    run(`slow-${n}`)
    nowMs += 200
    await finish()
  }
  run('active')
  await withDeadline(1000, async () => {
    for (let n = 0; n < 8; n++) run(`waiting-${n}`)
    await flushPromises()
  })

  const refused = Object.entries(outcomes).filter(([, outcome]) => outcome === 'OVERLOADED')
  expect(refused.map(([name]) => name)).toEqual(['waiting-3', 'waiting-4', 'waiting-5', 'waiting-6', 'waiting-7'])
})

test('work that still waits shortly before its deadline is refused', async () => {
  const clock = useFakeClock()
  const { run, outcomes } = open()
  run('active')
  withDeadline(1000, () => run('waiting'))

  await clock.advance(899)
  expect(outcomes).toEqual({})
  await clock.advance(2)

  expect(outcomes).toEqual({ waiting: 'OVERLOADED' })
})

test('work that fails makes room for the next', async () => {
  const queue = createHashQueue({ maxActive: 1 })
  const failing = queue(clean, () => Promise.reject(new Error('no')))
  const next = queue(clean, async () => 'next')

  expect(await failing.catch((error: Error) => error.message)).toBe('no')
  expect(await next).toBe('next')
})

test('under a flood of wrong passwords, right ones are verified first and the rest gets 503 with Retry-After', async () => {
  const { hasher, held, releaseNext } = heldHasher()
  const shop = await openShop({ user: { hasher, hashQueue: { maxActive: 1, maxQueued: 4 } } })
  const password = 'correct horse'
  for (const username of ['ann', 'bob']) {
    const person = { username, email: `${username}@example.test`, password, first_name: 'A', last_name: 'B' }
    expect((await shop.users.request('/api/user/create', jsonRequest('POST', person))).status).toBe(201)
  }
  const logIn = (username: string, password: string, address: string) =>
    shop.users.request('/api/user/login', jsonRequest('POST', { username, password }), from(address))
  const untilHeld = async (count: number) => {
    while (held.length < count) await flushPromises()
  }
  // One failure is recorded for the attacker's address.
  const first = logIn('ann', 'wrong 0', '198.51.100.9')
  await untilHeld(1)
  releaseNext()
  expect((await first).status).toBe(401)

  const attack = Array.from({ length: 8 }, (_, n) => logIn(`name-${n}`, `wrong ${n}`, '198.51.100.9'))
  const refused = (await Promise.race(attack)).clone()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await refused.json()).toMatchObject({ code: 'OVERLOADED' })
  const right = ['ann', 'bob'].map((name, n) => logIn(name, password, `203.0.113.${n}`))
  const statuses = Promise.all(right.map(async (attempt) => (await attempt).status))
  // Both requests have reached the queue when they have displaced two of the attacker's.
  const rejected = async () => (await shop.recording.metric('users.logins', { result: 'overloaded' })) ?? 0
  while ((await rejected()) < 5) await flushPromises()

  const order: (string | undefined)[] = []
  for (let n = 0; n < 5; n++) {
    await untilHeld(1)
    order.push(releaseNext())
  }

  expect(await statuses).toEqual([200, 200])
  expect(order.slice(1, 3)).toEqual([password, password])
  expect((await Promise.all(attack)).map(({ status }) => status).sort()).toEqual([
    401, 401, 401, 503, 503, 503, 503, 503,
  ])
})

test.skipIf(isOnServer)('an account that signs in again and again waits behind the others', async () => {
  const { hasher, held, releaseNext } = heldHasher()
  const shop = await openShop({ user: { hasher, hashQueue: { maxActive: 1 } } })
  const untilHeld = async () => {
    while (held.length === 0) await flushPromises()
  }
  const logIn = async (username: string, password: string) =>
    shop.users.request('/api/user/login', jsonRequest('POST', { username, password }))
  for (const username of ['ann', 'bob']) {
    const person = { username, email: `${username}@example.test`, password: `a fine horse ${username.length}` }
    await shop.users.request('/api/user/create', jsonRequest('POST', { ...person, first_name: 'A', last_name: 'B' }))
  }
  const password = 'a fine horse 3'
  for (let n = 0; n < 20; n++) {
    const login = logIn('ann', password)
    await untilHeld()
    releaseNext()
    expect((await login).status).toBe(200)
  }

  const order: string[] = []
  const waiting = ['ann', 'ann', 'ann', 'bob'].map(async (username) => {
    await logIn(username, password)
    order.push(username)
  })
  for (let n = 0; n < 4; n++) {
    // All four have reached the queue before the first turn ends.
    for (let times = 0; times < 20; times++) await flushPromises()
    releaseNext()
  }
  await Promise.all(waiting)

  expect(order).toEqual(['ann', 'bob', 'ann', 'ann'])
})

test.skipIf(isOnServer)(
  'while a name is under attack from everywhere, its owner comes first where they signed in before',
  async () => {
    const { hasher, held, releaseNext } = heldHasher()
    const shop = await openShop({ user: { hasher, hashQueue: { maxActive: 1, maxQueued: 4 } } })
    const password = 'correct horse'
    const person = { username: 'ann', email: 'ann@example.test', password, first_name: 'A', last_name: 'B' }
    await shop.users.request('/api/user/create', jsonRequest('POST', person))
    const logIn = async (tried: string, address: string) =>
      (
        await shop.users.request(
          '/api/user/login',
          jsonRequest('POST', { username: 'ann', password: tried }),
          from(address),
        )
      ).status
    const settle = async () => {
      for (let times = 0; times < 20; times++) await flushPromises()
    }
    const alone = async (login: Promise<number>) => {
      while (held.length === 0) await flushPromises()
      releaseNext()
      return login
    }
    expect(await alone(logIn(password, '203.0.113.7'))).toBe(200)
    expect(await alone(logIn('wrong', '198.51.100.99'))).toBe(401)

    const attack = Array.from({ length: 5 }, (_, n) => logIn('wrong', `198.51.100.${n}`))
    await settle()
    const own = logIn(password, '203.0.113.7')
    await settle()
    const order: (string | undefined)[] = []
    for (let n = 0; n < 5; n++) {
      order.push(releaseNext())
      await settle()
    }

    expect(await own).toBe(200)
    expect(order).toEqual(['wrong', password, 'wrong', 'wrong', 'wrong'])
    expect((await Promise.all(attack)).sort()).toEqual([401, 401, 401, 401, 503])
  },
)
