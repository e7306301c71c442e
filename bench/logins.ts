import { startService } from '../test/service-processes'
import { jsonRequest } from '../test/shop'
import { markdownTable, print } from './print'

const accounts = 20
const password = 'correct horse'

interface Attempt {
  status: number
  ms: number
}

/**
 * Logins beyond what the machine can hash: many at the same moment, and right ones during an attack with wrong passwords, from
 * one address and from as many addresses as attempts. Excess ones get an early 503 or 429, right ones are served.
 * @param burst logins at the same moment
 * @param wrongPerS wrong passwords per second during the attack
 */
export async function logins(burst = 250, wrongPerS = 20, seconds = 10) {
  const user = startService('user', {
    DATABASE_URL: ':memory:',
    TRUSTED_PROXIES: '127.0.0.1',
    REQUEST_BUDGET_MS: '2000',
    OTEL_SDK_DISABLED: 'true',
    LOG_LEVEL: 'error',
  })
  await user.waitUntilReady()
  const names = Array.from({ length: accounts }, (_, n) => `shopper-${n}`)
  for (const [n, username] of names.entries()) {
    const person = { username, email: `${username}@example.test`, password, first_name: 'A', last_name: 'B' }
    await send('create', person, `198.18.0.${n}`)
  }
  const nameOf = (n: number) => names[n % accounts] ?? ''
  const right = (n: number, addressOf: (n: number) => string) =>
    send('login', { username: nameOf(n), password }, addressOf(n))
  let wrongSent = 0
  const oneAddress = () => '203.0.113.9'
  const manyAddresses = (n: number) => `198.51.${n >> 8}.${n & 255}`

  // Where each of them signed in before, and where none did.
  const knownAddress = (n: number) => `198.19.0.${n % accounts}`
  const newAddress = (n: number) => `198.19.${1 + (n >> 8)}.${n & 255}`
  for (const n of names.keys()) await right(n, knownAddress)

  const startMs = performance.now()
  const together = await Promise.all(Array.from({ length: burst }, (_, n) => right(n, newAddress)))
  const results = {
    [`${burst} right ones at the same moment`]: {
      ...summaryOf(together),
      'last response ms': Math.round(performance.now() - startMs),
    },
    [`2/s, while ${wrongPerS}/s wrong ones come from one address`]: await duringAttack(oneAddress, newAddress),
    [`2/s, while ${wrongPerS}/s wrong ones come from new addresses`]: await duringAttack(manyAddresses, knownAddress),
    'the same, from an address without an earlier login': await duringAttack(manyAddresses, newAddress),
  }
  await user.stop()
  const columns = ['200', '503', '429', 'p50 ms', 'p95 ms', 'last response ms']
  const rows = Object.entries(results).map(([name, row]: [string, Record<string, number>]) => [
    name,
    ...columns.map((column) => String(row[column] ?? '')),
  ])
  print(markdownTable(['right logins', ...columns], rows))
  return results

  /** The right logins during an attack on the same names. */
  async function duringAttack(attackFrom: (n: number) => string, signInFrom: (n: number) => string) {
    const attack: Promise<Attempt>[] = []
    const served: Promise<Attempt>[] = []
    for (let n = 0; n < seconds * wrongPerS; n++) {
      attack.push(send('login', { username: nameOf(n), password: 'wrong horse' }, attackFrom(wrongSent++)))
      if (n % (wrongPerS / 2) === 0) served.push(right(served.length, signInFrom))
      await Bun.sleep(1000 / wrongPerS)
    }
    await Promise.all(attack)
    return summaryOf(await Promise.all(served))
  }

  async function send(route: 'create' | 'login', body: object, address: string): Promise<Attempt> {
    const startMs = performance.now()
    const headers = { 'X-Forwarded-For': address }
    const response = await fetch(`${user.url}/api/user/${route}`, jsonRequest('POST', body, { headers }))
    await response.arrayBuffer()
    return { status: response.status, ms: performance.now() - startMs }
  }
}

function summaryOf(attempts: Attempt[]): Record<string, number> {
  const count = (status: number) => attempts.filter((attempt) => attempt.status === status).length
  const served = attempts.filter(({ status }) => status === 200).map(({ ms }) => ms)
  served.sort((a, b) => a - b)
  const quantile = (share: number) => Math.round(served[Math.floor(served.length * share)] ?? 0)
  return { 200: count(200), 503: count(503), 429: count(429), 'p50 ms': quantile(0.5), 'p95 ms': quantile(0.95) }
}
