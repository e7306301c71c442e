import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { migrateSqlite } from '../src/database/migrate'
import { audit, createCheckoutHistory } from './audit'
import { type DatabaseSnapshot, readDatabaseSnapshot } from './database-snapshot'

const order = (id: string, idempotencyKey: string, changes = {}) => ({
  ...{ id, idempotencyKey, status: 'confirmed', isSettled: true },
  ...changes,
})
const snapshot = (
  orders: DatabaseSnapshot['orders'],
  pieces = orders.length,
  stock = 100 - pieces,
): DatabaseSnapshot => ({
  orders,
  sold: new Map([['p', pieces]]),
  reserved: new Map([['p', pieces]]),
  stock: new Map([['p', stock]]),
})
const before = snapshot([])

function historyOf(...outcomes: [key: string, outcome: string][]) {
  const history = createCheckoutHistory()
  for (const [key, outcome] of outcomes) {
    history.recordAttempt(key)
    if (outcome === 'refused') history.recordRefusal(key)
    if (outcome.startsWith('order')) history.recordConfirmation(key, outcome)
  }
  return history
}

const auditOf = (history: ReturnType<typeof createCheckoutHistory>, now: DatabaseSnapshot, isExclusive = true) =>
  audit({ attempts: history.attempts(), restocked: history.restocked, isExclusive }, before, now)

describe('the audit', () => {
  test('passes when each confirmed order is stored once and its pieces have left the stock', () => {
    const history = historyOf(['a', 'order-1'], ['b', 'order-2'], ['c', 'refused'])
    const result = auditOf(history, snapshot([order('order-1', 'a'), order('order-2', 'b')]))
    expect(result).toMatchObject({ ok: true, confirmed: 2, stored: 2, refused: 1, lost: 0, doubled: 0, miscounted: 0 })
  })

  test('counts a confirmed order as lost when it is missing, cancelled, or stored with another id', () => {
    const history = historyOf(['a', 'order-1'], ['b', 'order-2'], ['c', 'order-3'])
    const stored = [order('order-2', 'b', { status: 'cancelled' }), order('order-9', 'c')]
    expect(auditOf(history, snapshot(stored, 1))).toMatchObject({ ok: false, lost: 3 })
  })

  test('counts an order as doubled when it is stored twice, was refused, or was confirmed to two shoppers', () => {
    const twice = auditOf(historyOf(['a', 'order-1']), snapshot([order('order-1', 'a'), order('order-2', 'a')]))
    expect(twice).toMatchObject({ ok: false, doubled: 1, confirmed: 1, stored: 2 })
    const refused = auditOf(historyOf(['a', 'refused']), snapshot([order('order-1', 'a')]))
    expect(refused).toMatchObject({ ok: false, doubled: 1 })
    const shared = auditOf(historyOf(['a', 'order-1'], ['b', 'order-1']), snapshot([order('order-1', 'a')]))
    expect(shared).toMatchObject({ ok: false, doubled: 1, lost: 1 })
  })

  test('counts the forms of one cart in two tabs as one order, whichever of them was paid', () => {
    const history = createCheckoutHistory()
    history.recordAttempt('a', ['b'])
    history.recordConfirmation('a', 'order-1')
    expect(auditOf(history, snapshot([order('order-1', 'b')]))).toMatchObject({ ok: true, confirmed: 1, stored: 1 })
    const both = snapshot([order('order-1', 'b'), order('order-2', 'a')])
    expect(auditOf(history, both)).toMatchObject({ ok: false, doubled: 1 })
  })

  test('counts an order without a form as doubled, unless others use the shop too', () => {
    const now = snapshot([order('order-1', 'a'), order('order-2', 'no form')])
    expect(auditOf(historyOf(['a', 'order-1']), now)).toMatchObject({ ok: false, doubled: 1 })
    expect(auditOf(historyOf(['a', 'order-1']), now, false)).toMatchObject({ ok: true, doubled: 0 })
  })

  test('accepts an unknown outcome, with an order or without one', () => {
    const history = historyOf(['a', 'unknown'], ['b', 'unknown'])
    expect(auditOf(history, snapshot([order('order-1', 'a')]))).toMatchObject({ ok: true, unanswered: 2, stored: 1 })
  })

  test('fails while an order is not settled', () => {
    const now = snapshot([order('order-1', 'a', { isSettled: false })])
    expect(auditOf(historyOf(['a', 'order-1']), now)).toMatchObject({ ok: false, unsettled: 1 })
  })

  test('compares the stock with sold, reserved and restocked pieces', () => {
    const history = historyOf(['a', 'order-1'])
    history.recordRestock('p', 50)
    expect(auditOf(history, snapshot([order('order-1', 'a')], 1, 149))).toMatchObject({ ok: true, miscounted: 0 })
    expect(auditOf(history, snapshot([order('order-1', 'a')], 1, 147))).toMatchObject({ ok: false, miscounted: 2 })
    const withReservation = { ...snapshot([order('order-1', 'a')], 1, 149), reserved: new Map([['p', 3]]) }
    expect(auditOf(history, withReservation)).toMatchObject({ ok: false, miscounted: 2 })
  })
})

describe('a database snapshot', () => {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-snapshot-`)
  afterAll(() => rmSync(dir, { recursive: true }))

  test('reads the SQLite files of the services', async () => {
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
