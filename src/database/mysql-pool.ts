import type { Telemetry } from '@vitrine/telemetry'
import type { Connection } from 'mysql2'
import { acquireBeforeDeadline } from './acquire'
import { createPool } from './mysql-driver'
import { isAlive, type PooledConnection, withStatementDeadline } from './statement-deadline'

type Pool = Parameters<Telemetry['database']>[0]
/** Private queues of mysql2's pool. Pending `getConnection` calls are oldest first. */
interface PoolInternals {
  _connectionQueue: { length: number; get(index: number): unknown; removeOne(index: number): unknown }
  _freeConnections: { length: number; get(index: number): PooledConnection['connection'] }
}
interface RawPool {
  pool: PoolInternals
  getConnection(): Promise<PooledConnection>
  end(): Promise<void>
}

// A connection that was idle for longer may have died without a sign: a firewall or a fail-over dropped it.
const validateAfterIdleMs = 1000

/** mysql2's pool of a database (`raw`), and the pool that requests use. `ping` rejects while the database is unavailable. */
export function openPool(url: string) {
  const raw = createPool({
    uri: url,
    timezone: 'Z',
    connectionLimit: 10,
    // Shorter than a request's budget, so that the request can still respond with 503.
    connectTimeout: 1500,
    // Finds connections that died while they were idle. Requests find them earlier, by validation.
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
    dateStrings: true,
    // Tracing captures a stack per statement, 5 % of the service's CPU time. Drizzle's error already has our frames.
    trace: false,
  })
  // Without the callback, a connection that is lost at this moment would be an uncaught error.
  raw.on('connection', (connection) => void (connection as unknown as Connection).query(setLockTimeouts, () => {}))
  const pool = withDeadlines(raw as unknown as RawPool)
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

/**
 * The same pool, in which a request waits for connections and statements only until its deadline. Connections that may be
 * dead are pinged before use, and those that do not respond are replaced.
 */
function withDeadlines(raw: RawPool): Pool {
  const { _connectionQueue: queue, _freeConnections: idle } = raw.pool
  const lastUsedMs = new WeakMap<PooledConnection['connection'], number>()
  let lastTimeoutMs = Number.NEGATIVE_INFINITY
  return {
    async getConnection() {
      const connection = await acquireAlive()
      const statements = withStatementDeadline(connection, () => {
        lastTimeoutMs = performance.now()
      })
      return { ...statements, release: () => release(connection) }
    },
    end: () => raw.end(),
    // Telemetry reads the pool's state from its queues.
    ...{ pool: raw.pool },
  }

  async function acquireAlive(): Promise<PooledConnection> {
    for (;;) {
      const connection = await acquire()
      if (!mayBeDead(connection) || (await isAlive(connection))) return connection
      // The network or the server changed, so the other idle connections are dead too. Each would cost a ping's timeout.
      for (let index = idle.length - 1; index >= 0; index--) idle.get(index).destroy()
    }
  }

  function acquire(): Promise<PooledConnection> {
    const lengthBefore = queue.length
    const pending = raw.getConnection()
    const cancel = queue.length === lengthBefore ? () => {} : removerOfLast(queue)
    return acquireBeforeDeadline(pending, { cancel, release })
  }

  function release(connection: PooledConnection): void {
    lastUsedMs.set(connection.connection, performance.now())
    connection.release()
  }

  function mayBeDead({ connection }: PooledConnection): boolean {
    const usedMs = lastUsedMs.get(connection)
    return usedMs !== undefined && (usedMs <= lastTimeoutMs || performance.now() - usedMs > validateAfterIdleMs)
  }
}

/** Returns a function that removes the newest entry of the queue, wherever it is by then. mysql2 has no way to cancel. */
function removerOfLast(queue: PoolInternals['_connectionQueue']): () => void {
  const last = queue.get(queue.length - 1)
  return () => {
    for (let index = 0; index < queue.length; index++) if (queue.get(index) === last) queue.removeOne(index)
  }
}
