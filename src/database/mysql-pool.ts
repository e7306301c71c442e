import type { Telemetry } from '@vitrine/telemetry'
import { acquireBeforeDeadline } from './acquire'
import { createPool } from './mysql-driver'

type Pool = Parameters<Telemetry['database']>[0]
type Connection = Awaited<ReturnType<Pool['getConnection']>>
/** The private queue of mysql2's pool: pending `getConnection` calls, oldest first. */
interface PoolInternals {
  _connectionQueue: { length: number; get(index: number): unknown; removeOne(index: number): unknown }
}

/** mysql2's pool of a database (`raw`), and the pool that requests use. `ping` rejects while the database is unavailable. */
export function openPool(url: string) {
  const raw = createPool({
    uri: url,
    timezone: 'Z',
    connectionLimit: 10,
    // Shorter than a request's budget, so that the request can still respond with 503.
    connectTimeout: 1500,
    dateStrings: true,
    // Tracing captures a stack per statement, 5 % of the service's CPU time. Drizzle's error already has our frames.
    trace: false,
  })
  raw.on('connection', (connection) => void (connection as unknown as Connection).query(setLockTimeouts))
  const pool = withAcquireTimeout(raw as unknown as Pool & { pool: PoolInternals })
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

// Seconds that a statement waits for a locked row or table. MySQL's defaults (50 s, and up to a year) outlive any request.
const setLockTimeouts = 'SET SESSION innodb_lock_wait_timeout = 1, lock_wait_timeout = 1'

/** The same pool, in which a request waits for a connection only until its deadline. */
function withAcquireTimeout(raw: Pool & { pool: PoolInternals }): Pool {
  const queue = raw.pool._connectionQueue
  return {
    async getConnection() {
      const lengthBefore = queue.length
      const pending = raw.getConnection()
      if (queue.length === lengthBefore) return withPlainValues(await pending)
      const cancel = removerOfLast(queue)
      return withPlainValues(
        await acquireBeforeDeadline(pending, { cancel, release: (connection) => connection.release() }),
      )
    },
    end: () => raw.end(),
    // Telemetry reads the pool's state from its queues.
    ...{ pool: raw.pool },
  }
}

/** Returns a function that removes the newest entry of the queue, wherever it is by then. mysql2 has no way to cancel. */
function removerOfLast(queue: PoolInternals['_connectionQueue']): () => void {
  const last = queue.get(queue.length - 1)
  return () => {
    for (let index = 0; index < queue.length; index++) if (queue.get(index) === last) queue.removeOne(index)
  }
}

/**
 * The same connection, with values as the driver parses them. Drizzle's own `typeCast` runs for each value and turns dates
 * into text, which `dateStrings` already does: without it a page of the catalog takes 5 % less time.
 */
const withPlainValues = (connection: Connection): Connection => ({
  query: (statement, values) =>
    connection.query(typeof statement === 'string' ? statement : { ...statement, ...defaultTypeCast }, values),
  execute: (sql, values) => connection.execute(sql, values),
  release: () => connection.release(),
})

const defaultTypeCast = { typeCast: true }
