import { describe, expect, onTestFinished, test } from 'bun:test'
import { createConnection } from 'mysql2/promise'
import { startMariaDb } from '../mariadb'
import { isMissing } from '../requirements'
import { startService, startServices } from '../service-processes'
import { jsonRequest } from '../shop'
import { startTcpProxy } from '../tcp-proxy'
import { waitUntil } from '../wait-until'

test('a service that is killed and started again serves its callers within a second of /ready', async () => {
  const shop = await startServices({ REQUEST_BUDGET_MS: '2000' })
  onTestFinished(() => shop.stop().then(() => {}))
  const person = { username: 'jeanne', password: 'correct horse', email: 'j@example.test' }
  const names = { first_name: 'J', last_name: 'M' }
  await fetch(`${shop.user.url}/api/user/create`, jsonRequest('POST', { ...person, ...names }))
  const login = await fetch(`${shop.user.url}/api/user/login`, jsonRequest('POST', person))
  const { token } = (await login.json()) as { token: string }
  const viewCart = async () =>
    (await fetch(`${shop.order.url}/api/order`, jsonRequest('GET', undefined, { token }))).status
  expect(await viewCart()).toBe(200)

  for (let round = 0; round < 5; round++) {
    await shop.user.stop('SIGKILL')
    for (let n = 0; n < 8; n++) expect(await viewCart()).toBe(503)
    shop.user = shop.start('user')
    await shop.user.waitUntilReady()
    const readyMs = performance.now()
    await waitUntil(async () => (await viewCart()) === 200)
    expect(performance.now() - readyMs).toBeLessThan(1000)
  }
  await shop.stop()
  expect(shop.order.output()).toContain('breaker.changed')
}, 180_000)

describe.skipIf(isMissing('mysql'))('a database that becomes unreachable without a sign', () => {
  test('is 503 in time, /ready never hangs, and it serves within five seconds of the end', async () => {
    const server = await startMariaDb()
    onTestFinished(server.stop)
    const connection = await createConnection({ uri: server.url })
    await connection.query('CREATE DATABASE silent')
    await connection.end()
    const proxy = await startTcpProxy({ hostname: '127.0.0.1', port: Number(new URL(server.url).port) })
    onTestFinished(proxy.stop)
    const service = startService('product', {
      DATABASE_URL: `mysql://root@127.0.0.1:${proxy.port}/silent`,
      USER_SERVICE_URL: 'http://127.0.0.1:9',
      REQUEST_BUDGET_MS: '2000',
    })
    onTestFinished(() => service.stop('SIGKILL').then(() => {}))
    await service.waitUntilReady()
    const load = () => Promise.all(Array.from({ length: 40 }, () => fetch(`${service.url}/api/products`)))
    const timed = async (path: string) => {
      const startMs = performance.now()
      const { status } = await fetch(`${service.url}${path}`)
      return { status, inTime: performance.now() - startMs < 2500 }
    }
    const statuses = new Set((await load()).map(({ status }) => status))
    expect([...statuses]).toEqual([200])

    for (let round = 0; round < 3; round++) {
      proxy.partition()
      for (let n = 0; n < 2; n++) {
        expect(await timed('/ready')).toEqual({ status: 503, inTime: true })
        expect(await timed('/api/products')).toEqual({ status: 503, inTime: true })
        await load()
      }
      proxy.heal()
      const healedMs = performance.now()
      await waitUntil(async () => (await timed('/api/products')).status === 200)
      expect(performance.now() - healedMs).toBeLessThan(5000)
      expect((await timed('/ready')).status).toBe(200)
    }
    const stoppedMs = performance.now()
    proxy.partition()
    expect(await service.stop()).toBe(0)
    expect(performance.now() - stoppedMs).toBeLessThan(10_000)
  }, 180_000)
})
