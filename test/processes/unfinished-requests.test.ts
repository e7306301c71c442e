import { expect, onTestFinished, test } from 'bun:test'
import { openSocket } from '../raw-request'
import { startServices } from '../service-processes'

/** The head of a form whose body never comes. */
const head = (address: string) =>
  `POST /login HTTP/1.1\r\nHost: shop\r\nX-Forwarded-For: ${address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nusername=`

test('260 unfinished bodies of one client take no place from others, and end with 408 or 429', async () => {
  const shop = await startServices({ TRUSTED_PROXIES: '127.0.0.1', BODY_TIMEOUT_MS: '3000' })
  onTestFinished(() => shop.stop().then(() => {}))
  const { url } = shop.frontend
  const attackers = await Promise.all(Array.from({ length: 260 }, () => openSocket(url)))
  for (const attacker of attackers) attacker.write(head('203.0.113.1'))

  const pages = await Promise.all(
    Array.from({ length: 20 }, (_, n) => fetch(url, { headers: { 'X-Forwarded-For': `198.51.100.${n}` } })),
  )

  expect(pages.map(({ status }) => status)).toEqual(Array(20).fill(200))
  await Promise.all(attackers.map((attacker) => attacker.waitFor(/HTTP\/1\.1 4(08|29) /)))
  const statuses = attackers.map((attacker) => attacker.received().slice(9, 12))
  expect(statuses.filter((status) => status === '408')).toHaveLength(64)
  for (const attacker of attackers.filter((one) => one.received().startsWith('HTTP/1.1 408'))) {
    await attacker.waitUntilClosed()
  }
  const own = await fetch(url, { headers: { 'X-Forwarded-For': '203.0.113.1' } })
  expect(own.status).toBe(200)
  for (const attacker of attackers) attacker.destroy()
}, 120_000)

test('unfinished bodies of many clients take no place either, and clients that go away leave none behind', async () => {
  const shop = await startServices({ TRUSTED_PROXIES: '127.0.0.1' })
  onTestFinished(() => shop.stop().then(() => {}))
  const { url } = shop.frontend
  for (let round = 0; round < 3; round++) {
    const attackers = await Promise.all(Array.from({ length: 400 }, () => openSocket(url)))
    for (const [n, attacker] of attackers.entries()) attacker.write(head(`203.0.${round}.${n % 250}`))
    const page = await fetch(url, { headers: { 'X-Forwarded-For': '198.51.100.1' } })
    expect(page.status).toBe(200)
    for (const attacker of attackers) attacker.destroy()
  }
  const form = new URLSearchParams({ username: 'unknown', password: 'wrong wrong' })
  const headers = { Origin: url, 'X-Forwarded-For': '198.51.100.1' }
  expect((await fetch(`${url}/login`, { method: 'POST', body: form, headers })).status).toBe(401)
  expect(shop.frontend.logLines().filter((line) => line.severity === 'ERROR')).toEqual([])
}, 120_000)
