import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { migrateSqlite } from '../src/database/migrate'
import { audit, type DatabaseSnapshot } from './audit'
import { createCheckoutHistory } from './checkout-history'
import { readDatabaseSnapshot } from './database-snapshot'

const order = (id: string, idempotencyKey: string, more = {}) => ({
  ...{ id, idempotencyKey, status: 'confirmed', isSettled: true },
  ...more,
})
const rows = (orders: DatabaseSnapshot['orders'], pieces = orders.length, stock = 100 - pieces): DatabaseSnapshot => ({
  orders,
  sold: new Map([['p', pieces]]),
  reserved: new Map([['p', pieces]]),
  stock: new Map([['p', stock]]),
})
const before = rows([])

function ledgerOf(...told: [key: string, outcome: string][]) {
  const ledger = createCheckoutHistory()
  for (const [key, outcome] of told) {
    ledger.recordAttempt(key)
    if (outcome === 'refused') ledger.recordRefusal(key)
    if (outcome.startsWith('order')) ledger.recordConfirmation(key, outcome)
  }
  return ledger
}

const auditOf = (ledger: ReturnType<typeof createCheckoutHistory>, now: DatabaseSnapshot, isExclusive = true) =>
  audit({ attempts: ledger.attempts(), restocked: ledger.restocked, isExclusive }, before, now)

describe('the books', () => {
  test('are right when each order told is written once and its pieces have left the shelf', () => {
    const ledger = ledgerOf(['a', 'order-1'], ['b', 'order-2'], ['c', 'refused'])
    const books = auditOf(ledger, rows([order('order-1', 'a'), order('order-2', 'b')]))
    expect(books).toMatchObject({ ok: true, confirmed: 2, stored: 2, refused: 1, lost: 0, doubled: 0, miscounted: 0 })
  })

  test('miss an order that was told and is not there, is cancelled, or is another one', () => {
    const ledger = ledgerOf(['a', 'order-1'], ['b', 'order-2'], ['c', 'order-3'])
    const written = [order('order-2', 'b', { status: 'cancelled' }), order('order-9', 'c')]
    expect(auditOf(ledger, rows(written, 1))).toMatchObject({ ok: false, lost: 3 })
  })

  test('find what is there twice, what is there in spite of a refusal, and one order that was told to two', () => {
    const twice = auditOf(ledgerOf(['a', 'order-1']), rows([order('order-1', 'a'), order('order-2', 'a')]))
    expect(twice).toMatchObject({ ok: false, doubled: 1, confirmed: 1, stored: 2 })
    const refused = auditOf(ledgerOf(['a', 'refused']), rows([order('order-1', 'a')]))
    expect(refused).toMatchObject({ ok: false, doubled: 1 })
    const shared = auditOf(ledgerOf(['a', 'order-1'], ['b', 'order-1']), rows([order('order-1', 'a')]))
    expect(shared).toMatchObject({ ok: false, doubled: 1, lost: 1 })
  })

  test('find an order that nobody has asked for, unless others use the shop too', () => {
    const now = rows([order('order-1', 'a'), order('order-2', 'of nobody')])
    expect(auditOf(ledgerOf(['a', 'order-1']), now)).toMatchObject({ ok: false, doubled: 1 })
    expect(auditOf(ledgerOf(['a', 'order-1']), now, false)).toMatchObject({ ok: true, doubled: 0 })
  })

  test('have nothing against a shopper who never had an answer, whether there is an order or not', () => {
    const ledger = ledgerOf(['a', 'unknown'], ['b', 'unknown'])
    expect(auditOf(ledger, rows([order('order-1', 'a')]))).toMatchObject({ ok: true, unanswered: 2, stored: 1 })
  })

  test('wait for orders that are not settled', () => {
    const now = rows([order('order-1', 'a', { isSettled: false })])
    expect(auditOf(ledgerOf(['a', 'order-1']), now)).toMatchObject({ ok: false, unsettled: 1 })
  })

  test('add up the stock: what is gone was sold, and what was put there is counted', () => {
    const ledger = ledgerOf(['a', 'order-1'])
    ledger.recordRestock('p', 50)
    expect(auditOf(ledger, rows([order('order-1', 'a')], 1, 149))).toMatchObject({ ok: true, miscounted: 0 })
    expect(auditOf(ledger, rows([order('order-1', 'a')], 1, 147))).toMatchObject({ ok: false, miscounted: 2 })
    const held = { ...rows([order('order-1', 'a')], 1, 149), reserved: new Map([['p', 3]]) }
    expect(auditOf(ledger, held)).toMatchObject({ ok: false, miscounted: 2 })
  })
})

describe('the rows', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-rows-`)
  afterAll(() => rmSync(dir, { recursive: true }))

  test('are read from SQLite files as the services make them', async () => {
    await fill('order', [
      `INSERT INTO carts (id, user_id, created_at) VALUES ('c1', 'u', 1), ('c2', 'u', 1)`,
      `INSERT INTO orders (id, user_id, cart_id, idempotency_key, request_hash, status, total_cents, created_at, settled_at)
       VALUES ('o1', 'u', 'c1', 'k1', 'h', 'confirmed', 1, 1, 2), ('o2', 'u', 'c2', 'k2', 'h', 'cancelled', 1, 1, NULL)`,
      `INSERT INTO order_items (order_id, position, product_id, slug, name, image, unit_price_cents, quantity)
       VALUES ('o1', 0, 'p', 's', 'n', 'i', 1, 3), ('o2', 0, 'p', 's', 'n', 'i', 1, 9)`,
    ])
    await fill('product', [
      `INSERT INTO products (id, slug, name, description, price_cents, image, stock) VALUES ('p', 's', 'n', 'd', 1, 'i', 7)`,
      `INSERT INTO reservations (order_id, status, items, created_at)
       VALUES ('o1', 'confirmed', '[{"product_id":"p","quantity":3}]', 1),
              ('o2', 'released', '[{"product_id":"p","quantity":9}]', 1)`,
    ])
    expect(await readDatabaseSnapshot({ order: `${dir}/order.sqlite`, product: `${dir}/product.sqlite` })).toEqual({
      orders: [order('o1', 'k1'), order('o2', 'k2', { status: 'cancelled', isSettled: false })],
      sold: new Map([['p', 3]]),
      reserved: new Map([['p', 3]]),
      stock: new Map([['p', 7]]),
    })
  })

  async function fill(service: string, statements: string[]): Promise<void> {
    const file = new Database(`${dir}/${service}.sqlite`)
    await migrateSqlite(file, `services/${service}/migrations/sqlite`)
    for (const statement of statements) file.run(statement)
    file.close()
  }
})
