import { expect, test } from 'bun:test'
import { useFakeClock } from '../../test/clock'
import { matchers, recordTelemetry } from '../testing'
import { summarize } from './statement'

expect.extend(matchers)

const idle = { idle: 1, used: 0, max: 1, pending: 0 }
const select = 'select `id` from `carts` where `user_id` = ?'

function open(state = () => idle) {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('order-service')
  return {
    seen,
    telemetry,
    database: telemetry.instrumentDatabase({ system: 'sqlite', namespace: 'order.sqlite' }, state),
  }
}

const failing = (error: unknown) => async () => {
  throw error
}

test('a statement inside a span creates a client span with its parameterized text', async () => {
  const { seen, telemetry, database } = open()

  const rows = await telemetry.span('work', () => database.query(select, async () => ['row']))

  expect(rows).toEqual(['row'])
  const span = seen.span('SELECT carts')
  expect(span.kind).toBe('client')
  expect(span.parentSpanId).toBe(seen.span('work').spanId)
  expect(span.attributes).toEqual({
    'db.system.name': 'sqlite',
    'db.namespace': 'order.sqlite',
    'db.query.summary': 'SELECT carts',
    'db.operation.name': 'SELECT',
    'db.collection.name': 'carts',
    'db.query.text': select,
  })
})

test('a statement outside a span is recorded in the metric only', async () => {
  const { seen, database } = open()

  await database.query(select, async () => [])

  expect(seen.spans()).toEqual([])
  const [point] = await seen.series('db.client.operation.duration')
  expect(point?.attributes).toMatchObject({ 'db.query.summary': 'SELECT carts', 'db.system.name': 'sqlite' })
  expect(point?.attributes).not.toHaveProperty('db.query.text')
  expect(point).toMatchObject({ value: 1, bounds: expect.arrayContaining([0.1]) })
})

test('a failed statement has its error code on span and metric', async () => {
  const { seen, telemetry, database } = open()
  const error = Object.assign(new Error('Duplicate entry'), { code: 'ER_DUP_ENTRY', errno: 1062 })

  const thrown = await telemetry
    .span('work', () => database.query('insert into `users` values (?)', failing(error)))
    .catch((caught: unknown) => caught)

  expect(thrown).toBe(error)
  const wanted = { 'error.type': 'ER_DUP_ENTRY', 'db.response.status_code': '1062' }
  expect(seen.span('INSERT users')).toHaveFailed()
  expect(seen.span('INSERT users')).toHaveAttributes(wanted)
  expect(await seen.metric('db.client.operation.duration', wanted)).toBe(1)
})

test('an error without a code is recorded by its class', async () => {
  const { seen, telemetry, database } = open()

  await telemetry.span('work', () => database.query(select, failing(new RangeError('x')))).catch(() => {})

  expect(seen.span('SELECT carts')).toHaveAttributes({ 'error.type': 'RangeError' })
  expect(seen.span('SELECT carts').attributes).not.toHaveProperty('db.response.status_code')
})

test('wait and use of a connection are recorded, and it is released after an error', async () => {
  const { seen, database } = open(() => ({ idle: 3, used: 2, max: 10, pending: 4 }))
  const returned: string[] = []
  const give = (connection: string) => void returned.push(connection)

  await database.withConnection(
    async () => 'first',
    give,
    async () => 'done',
  )
  await database.withConnection(async () => 'second', give, failing(new Error('x'))).catch(() => {})

  expect(returned).toEqual(['first', 'second'])
  expect(await seen.metric('db.client.connection.wait_time')).toBe(2)
  expect(await seen.metric('db.client.connection.use_time')).toBe(2)
  const pool = { 'db.client.connection.pool.name': 'sqlite/order.sqlite' }
  const count = (state: string) =>
    seen.metric('db.client.connection.count', { ...pool, 'db.client.connection.state': state })
  expect([await count('idle'), await count('used')]).toEqual([3, 2])
  expect(await seen.metric('db.client.connection.max', pool)).toBe(10)
  expect(await seen.metric('db.client.connection.pending_requests', pool)).toBe(4)
})

test('a mysql2 pool is traced with the SQL of the query builder, never with the values', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('order-service')
  const calls: unknown[] = []
  let released = 0
  const connection = {
    query: async (...args: unknown[]) => calls.push(args),
    execute: async (...args: unknown[]) => calls.push(args),
    release: () => void released++,
  }
  const pool = telemetry.database({ getConnection: async () => connection, end: async () => {} }, 'orders')

  await telemetry.span('work', async () => {
    await pool.query({ sql: select }, ['alice@example.test'])
    const held = await pool.getConnection()
    await held.execute('update `carts` set `open_user_id` = ?', ['alice@example.test'])
    held.release()
  })

  expect(calls).toEqual([
    [{ sql: select }, ['alice@example.test']],
    ['update `carts` set `open_user_id` = ?', ['alice@example.test']],
  ])
  expect(released).toBe(2)
  expect(seen.span('SELECT carts')).toHaveAttributes({ 'db.system.name': 'mysql', 'db.namespace': 'orders' })
  expect(seen.span('UPDATE carts')).toHaveAttributes({ 'db.query.text': 'update `carts` set `open_user_id` = ?' })
  expect(JSON.stringify(seen.spans().map((span) => span.attributes))).not.toContain('alice')
  expect(await seen.metric('db.client.connection.use_time')).toBe(2)
})

test.each([
  [select, 'SELECT carts', 'SELECT', 'carts'],
  ['  insert into "cart_items" ("a") values (?)', 'INSERT cart_items', 'INSERT', 'cart_items'],
  ['update orders set a = ?', 'UPDATE orders', 'UPDATE', 'orders'],
  ['delete from `tokens`', 'DELETE tokens', 'DELETE', 'tokens'],
  ['CREATE TABLE IF NOT EXISTS `x` (id int)', 'CREATE x', 'CREATE', 'x'],
  ['begin immediate', 'BEGIN', 'BEGIN', undefined],
  ['select 1', 'SELECT', 'SELECT', undefined],
  ['(select 1)', 'SELECT', 'SELECT', undefined],
  ['/* from the shop */ select 1 -- from carts', 'SELECT', 'SELECT', undefined],
  ['select extract(year from created_at) from orders', 'SELECT orders', 'SELECT', 'orders'],
  ["select 'greetings from bob' from notes", 'SELECT notes', 'SELECT', 'notes'],
  ['select * from `shop`.`orders`', 'SELECT orders', 'SELECT', 'orders'],
])('the summary of %p is %p', (sql, summary, operation, collection) => {
  expect(summarize(sql, 'sqlite')).toEqual({ summary, operation, collection })
})

test('literals in the text of a statement never reach a signal', async () => {
  const { seen, telemetry, database } = open()

  await telemetry.span('work', () =>
    database.query("select * from users where email = 'alice@example.org' and pin = 1234 limit 5", async () => []),
  )

  const span = seen.span('SELECT users')
  expect(span).toHaveAttributes({ 'db.query.text': 'select * from users where email = ? and pin = ? limit ?' })
})

test('a long wait for a connection creates a span before that of the statement', async () => {
  const clock = useFakeClock()
  const { seen, telemetry, database } = open()
  const slowly = async () => {
    await Bun.sleep(5)
    return 'connection'
  }

  const work = telemetry.span('work', () =>
    database.withConnection(
      slowly,
      () => {},
      () => database.query(select, async () => []),
    ),
  )
  await clock.advanceDuring(work)
  await telemetry.span('work', () =>
    database.withConnection(
      async () => 'connection',
      () => {},
      async () => {},
    ),
  )

  const waits = seen.spans().filter(({ name }) => name === 'db.client.connection.wait')
  expect(waits).toHaveLength(1)
  expect(waits[0]?.durationMs).toBeGreaterThan(3)
  expect(waits[0]).toHaveAttributes({ 'db.client.connection.pool.name': 'sqlite/order.sqlite' })
  expect(waits[0]?.status.code).toBe(0)
  expect(seen.span('SELECT carts').startMs).toBeGreaterThanOrEqual((waits[0]?.startMs ?? 0) + 3)
})

test.each([
  ['ECONNREFUSED', 0],
  ['ETIMEDOUT', 1],
])('a wait that ends in %s creates a failed span, and a timeout is counted', async (code, timeouts) => {
  const { seen, telemetry, database } = open()
  const refused = Object.assign(new Error(`connect ${code}`), { code })

  const thrown = await telemetry
    .span('work', () =>
      database.withConnection(
        failing(refused),
        () => {},
        async () => {},
      ),
    )
    .catch((error: unknown) => error)

  expect(thrown).toBe(refused)
  expect(seen.span('db.client.connection.wait')).toHaveFailed()
  expect(seen.span('db.client.connection.wait')).toHaveAttributes({ 'error.type': code })
  expect(await seen.metric('db.client.connection.timeouts')).toBe(timeouts)
})

test('durations of statements and waits are in seconds', async () => {
  const { seen, telemetry, database } = open()
  const slowly = async () => {
    await Bun.sleep(30)
    return 'connection'
  }

  await telemetry.span('work', () =>
    database.withConnection(
      slowly,
      () => {},
      () => database.query('select 1', slowly),
    ),
  )

  for (const name of [
    'db.client.operation.duration',
    'db.client.connection.wait_time',
    'db.client.connection.use_time',
  ]) {
    expect((await seen.series(name))[0]?.sum).toBeWithin(0.029, 2)
  }
})
