import { describe, expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { type SQL, sql } from 'drizzle-orm'
import { useFakeClock } from '../../test/clock'
import { openTestDatabase } from '../../test/database'
import { serviceKey } from '../../test/shop'
import { createService } from '../service'
import { jsonOrThrow, serviceClient } from '../service-client'
import { dialect } from './columns'

expect.extend(matchers)

type Sqlite = { run(query: SQL): Promise<unknown>; values(query: SQL): Promise<number[][]> }

/** A service `far` that stores notes, its client in `near`, and the size of its disk. */
async function open() {
  const clock = useFakeClock()
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('far')
  const { db } = (await openTestDatabase('product', telemetry)).database
  const sqlite = db as unknown as Sqlite
  await sqlite.run(sql`create table notes (text text)`)
  const write = (on: unknown) => (on as Sqlite).run(sql`insert into notes values (${'x'.repeat(20_000)})`)
  const far = createService({ telemetry, serviceKey })
    .get('/notes', async (c) => c.json((await sqlite.values(sql`select count(*) from notes`))[0], 200))
    .put('/note', async (c) => c.json(await write(db), 200))
    .post('/notes', async (c) => c.json(await db.transaction(async (tx) => [await write(tx), await write(tx)]), 200))
  const near = seen.telemetry('near')
  const client = serviceClient<typeof far>({
    telemetry: near,
    serviceKey,
    peer: 'far',
    url: 'http://far',
    fetch: (request) => far.fetch(request),
  })
  const nearby = createService({ telemetry: near, serviceKey })
    .get('/notes', async (c) => c.json(await jsonOrThrow(client.notes.$get())))
    .put('/note', async (c) => c.json(await jsonOrThrow(client.note.$put())))
  const pages = async () => (await sqlite.values(sql`pragma page_count`))[0]?.[0] ?? 0
  return {
    clock,
    seen,
    far: (method: string, path: string) => far.request(path, { method }),
    near: (method: string, path: string) => nearby.request(path, { method }),
    fill: async () => void (await sqlite.values(sql.raw(`pragma max_page_count = ${(await pages()) + 1}`))),
    makeRoom: async () => void (await sqlite.values(sql.raw('pragma max_page_count = 100000'))),
  }
}

describe.skipIf(dialect !== 'sqlite')('a full disk', () => {
  test.each([
    ['PUT', '/note'],
    ['POST', '/notes'],
  ])('is 503 STORAGE_FULL for %s %s; reading goes on, and so does writing when there is room', async (method, path) => {
    const { seen, far, fill, makeRoom } = await open()
    expect((await far(method, path)).status).toBe(200)
    await fill()

    const response = await far(method, path)

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.json()).toMatchObject({ code: 'STORAGE_FULL' })
    expect(seen.span(`${method} ${path}`)).toHaveAttributes({ 'problem.code': 'STORAGE_FULL' })
    const [before = 0] = (await (await far('GET', '/notes')).json()) as number[]
    await makeRoom()
    expect((await far(method, path)).status).toBe(200)
    expect(await (await far('GET', '/notes')).json()).toEqual([before * 2])
  })

  test('is logged once with its cause, and again after a minute without it', async () => {
    const { clock, seen, far, fill } = await open()
    await fill()

    for (let n = 0; n < 5; n++) expect((await far('POST', '/notes')).status).toBe(503)

    const logged = seen.logs('storage.full')
    expect(logged).toHaveLength(1)
    expect(logged[0]?.severityText).toBe('ERROR')
    expect(logged[0]?.attributes['exception.message']).toContain('database or disk is full')
    expect(seen.logs('http.server.request.exception')).toEqual([])
    await clock.advance(61_000)
    await far('POST', '/notes')
    expect(seen.logs('storage.full')).toHaveLength(2)
  }, 60_000)

  test('of a peer is STORAGE_FULL for the client too, and leaves the breaker closed', async () => {
    const { seen, near, fill } = await open()
    await fill()

    for (let n = 0; n < 15; n++) {
      const response = await near('PUT', '/note')
      expect(await response.json()).toMatchObject({ status: 503, code: 'STORAGE_FULL' })
    }

    expect((await near('GET', '/notes')).status).toBe(200)
    expect(seen.logs('breaker.changed')).toEqual([])
    expect(seen.logs('http.server.request.exception')).toEqual([])
  })
})
