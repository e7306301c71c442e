import { describe, expect, onTestFinished, test } from 'bun:test'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import { products } from '../../services/product/schema'
import { seedCatalog } from '../../services/product/seed'
import { createOnServer } from '../../test/database'
import { serviceKey } from '../../test/shop'
import { startTcpProxy } from '../../test/tcp-proxy'
import { waitUntil } from '../../test/wait-until'
import { createService } from '../service'
import { dialect } from './columns'
import { openDatabase } from './database'

/** A service whose database is behind a network that can fail silently. */
async function open(requestBudgetMs = 1000) {
  const url = new URL(await createOnServer('product'))
  const proxy = await startTcpProxy({ hostname: url.hostname, port: Number(url.port) })
  url.port = String(proxy.port)
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('product-service')
  const migrations = new URL('../../services/product/migrations', import.meta.url).pathname
  const { db, ping, close } = await openDatabase({ telemetry, url: url.href, migrations })
  onTestFinished(async () => {
    proxy.stop()
    await Promise.race([close().catch(() => {}), Bun.sleep(1000)])
  })
  await seedCatalog(db, 10)
  const service = createService({ telemetry, serviceKey, requestBudgetMs, ready: ping })
    .get('/read', async (c) => c.json(await db.select().from(products).limit(1)))
    .post('/write', async (c) => {
      await db.transaction(async (tx) => {
        await tx.select().from(products).limit(1)
        await during.work?.()
        await tx.update(products).set({ stock: 1 })
      })
      return c.json({})
    })
  const during: { work?: () => Promise<void> } = {}
  const get = (path: string) => service.request(path)
  return { proxy, seen, get, service, during }
}

describe.skipIf(dialect !== 'mysql')('connections that die silently', () => {
  test('a statement on one is a 503 before the deadline, and the next request is served on a new connection', async () => {
    const { proxy, seen, get } = await open()
    expect((await get('/read')).status).toBe(200)

    proxy.partition()
    const response = await get('/read')

    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    const failed = seen.spans().find(({ attributes }) => attributes['error.type'] && attributes['db.query.summary'])
    expect(failed?.attributes['error.type']).toBe('STATEMENT_TIMEOUT')
    proxy.heal()
    expect((await get('/read')).status).toBe(200)
  }, 60_000)

  test('all connections of the pool at once do not fail a later request, because idle ones are checked', async () => {
    const { proxy, get } = await open()
    await Promise.all(Array.from({ length: 20 }, () => get('/read')))
    const before = proxy.connections()
    expect(before).toBeGreaterThan(5)

    proxy.partition()
    proxy.heal()
    await Bun.sleep(1100)

    expect((await get('/read')).status).toBe(200)
    await waitUntil(() => proxy.connections() === 1)
  }, 60_000)

  test('/ready is 503 while the database is unreachable, and 200 after that', async () => {
    const { proxy, get } = await open()
    await Promise.all(Array.from({ length: 20 }, () => get('/read')))

    proxy.partition()

    const probes = await Promise.all(Array.from({ length: 30 }, () => get('/ready')))
    expect(new Set(probes.map(({ status }) => status))).toEqual(new Set([503]))
    const requests = await Promise.all(Array.from({ length: 30 }, () => get('/read')))
    expect(new Set(requests.map(({ status }) => status))).toEqual(new Set([503]))
    proxy.heal()
    await waitUntil(async () => (await get('/ready')).status === 200)
    expect((await get('/read')).status).toBe(200)
  }, 60_000)

  test('a transaction on one names the statement that got no response, and its connection is not used again', async () => {
    const { proxy, seen, service, get, during } = await open()
    during.work = async () => proxy.partition()

    const response = await service.request('/write', { method: 'POST' })

    expect(response.status).toBe(503)
    const exception = seen.logs('http.server.request.exception').at(-1)
    expect(exception?.attributes['exception.message']).toContain('no response of the database')
    proxy.heal()
    during.work = async () => {}
    expect((await service.request('/write', { method: 'POST' })).status).toBe(200)
    expect((await get('/read')).status).toBe(200)
  }, 60_000)

  test('a statement that is slower than the deadline is a 503, and does not disturb the others', async () => {
    const { get, service, during } = await open()
    during.work = () => Bun.sleep(1100)

    const slow = service.request('/write', { method: 'POST' })
    const others = await Promise.all(Array.from({ length: 20 }, () => get('/read')))

    expect(new Set(others.map(({ status }) => status))).toEqual(new Set([200]))
    // Its statements were fast: after the deadline each still has a moment, so that COMMIT is not left out.
    expect((await slow).status).toBe(200)
  }, 60_000)
})
