import { describe, expect, test } from 'bun:test'
import { type SQL, sql } from 'drizzle-orm'
import { dialect } from '../../src/database/columns'
import type { Database } from '../../src/database/database'
import { addToCart, checkoutPath, fetchCheckoutForm, openSignedInFrontend } from '../../test/storefront'

const valuesOf = (db: Database, query: string) =>
  (db as unknown as { values(query: SQL): Promise<number[][]> }).values(sql.raw(query))

/** Leaves no page for new rows. What fits into pages that exist is still stored. */
async function fill(db: Database): Promise<void> {
  const [count] = await valuesOf(db, 'pragma page_count')
  await valuesOf(db, `pragma max_page_count = ${count?.[0]}`)
}

describe.skipIf(dialect !== 'sqlite')('while the disk of a service is full', () => {
  test('new shoppers cannot register, signed-in ones keep reading, and later all is as before', async () => {
    const { shop, visitor } = await openSignedInFrontend()
    const { db } = shop.databases.user.database
    await fill(db)
    const stranger = shop.browser()
    const register = async (n: number) => {
      const username = `full-${n}-${'x'.repeat(20)}`
      const names = { first_name: 'Camille'.repeat(10), last_name: 'Dupont'.repeat(10) }
      return stranger.post('/register', {
        username,
        email: `${username}@example.test`,
        password: 'correct horse',
        ...names,
      })
    }

    let response = await register(0)
    for (let n = 1; response.status === 303 && n < 100; n++) response = await register(n)

    expect(response.status).toBe(503)
    expect(shop.recording.logs('storage.full')).toHaveLength(1)
    for (const path of ['/', '/orders', '/checkout']) expect((await visitor.get(path)).status).toBe(200)
    expect(shop.recording.logs('breaker.changed')).toEqual([])
    await valuesOf(db, 'pragma max_page_count = 100000')
    expect((await register(1000)).status).toBe(303)
  }, 60_000)

  test('a checkout is a 503, and succeeds with the same form when there is room', async () => {
    const { shop, visitor } = await openSignedInFrontend()
    await addToCart(visitor)
    const form = await fetchCheckoutForm(visitor)
    const { db } = shop.databases.order.database
    // Each new order takes more pages than there are.
    await valuesOf(db, 'create table filler (id integer primary key, text text)')
    await fill(db)
    await valuesOf(
      db,
      'create trigger full before insert on orders begin insert into filler (text) values (zeroblob(50000)); end',
    )

    const response = await visitor.post(checkoutPath, form)

    expect(response.status).toBe(503)
    expect((await visitor.get('/checkout')).html).toContain('Laptop Pro')
    await valuesOf(db, 'pragma max_page_count = 100000')
    expect((await visitor.post(checkoutPath, form)).status).toBe(303)
  }, 60_000)
})
