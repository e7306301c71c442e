import type { Telemetry } from '@vitrine/telemetry'
import { acquireBeforeDeadline } from './acquire'
import { createPool } from './mysql-driver'

type Pool = Parameters<Telemetry['database']>[0]
type Connection = Awaited<ReturnType<Pool['getConnection']>>
/** What is used of mysql2's pool that it offers to nobody: those who wait, in their order. */
interface Internals {
  _connectionQueue: { length: number; get(index: number): unknown; removeOne(index: number): unknown }
}

/** mysql2's pool for one database, as it is, and as requests use it; `ping` rejects when the database cannot answer. */
export function openPool(url: string) {
  const raw = createPool({
    uri: url,
    timezone: 'Z',
    connectionLimit: 10,
    // Less than a request has: so it can say that nobody answered.
    connectTimeout: 1500,
    dateStrings: true,
    // With it a stack is taken at each statement, a twentieth of the service's time; drizzle's error has our frames.
    trace: false,
  })
  raw.on('connection', (connection) => void (connection as unknown as Connection).query(boundOfLocks))
  const pool = patient(raw as unknown as Pool & { pool: Internals })
  return { raw, pool, ping }

  async function ping(): Promise<void> {
    const connection = await pool.getConnection()
    try {
      await connection.query('SELECT 1')
    } finally {
      connection.release()
    }
  }
}

// Seconds that a statement waits for a row or a table that others hold, so that who called can still be told; the server's
// own are 50, and a day or a year.
const boundOfLocks = 'SET SESSION innodb_lock_wait_timeout = 1, lock_wait_timeout = 1'

/** The same pool, in which no request waits in line for a connection longer than it has time. */
function patient(raw: Pool & { pool: Internals }): Pool {
  const line = raw.pool._connectionQueue
  return {
    async getConnection() {
      const before = line.length
      const coming = raw.getConnection()
      if (line.length === before) return withPlainValues(await coming)
      const cancel = wayOut(line)
      return withPlainValues(
        await acquireBeforeDeadline(coming, { cancel, release: (connection) => connection.release() }),
      )
    },
    end: () => raw.end(),
    // By its queues telemetry tells how full it is.
    ...{ pool: raw.pool },
  }
}

/** Takes who came last out of the line, wherever they stand by then: mysql2 would keep them for as long as nothing moves. */
function wayOut(line: Internals['_connectionQueue']): () => void {
  const last = line.get(line.length - 1)
  return () => {
    for (let at = 0; at < line.length; at++) if (line.get(at) === last) line.removeOne(at)
  }
}

/**
 * The same connection, whose values are as the driver reads them. drizzle brings a function that is called for each, and
 * makes texts of dates: the driver does that by itself (`dateStrings`), and a page of the catalogue takes a twentieth less.
 */
const withPlainValues = (connection: Connection): Connection => ({
  query: (statement, values) =>
    connection.query(typeof statement === 'string' ? statement : { ...statement, ...plain }, values),
  execute: (sql, values) => connection.execute(sql, values),
  release: () => connection.release(),
})

const plain = { typeCast: true }
