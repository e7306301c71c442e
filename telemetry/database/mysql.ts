import type { DatabaseTelemetry } from './database'
import type { PoolState } from './pool'

/** The part of a mysql2 promise connection that a query builder uses. */
interface Connection {
  query(query: { sql: string } | string, values?: unknown): Promise<unknown>
  execute(sql: string, values?: unknown): Promise<unknown>
  release(): void
}

/** The part of a mysql2 promise pool that a query builder uses. */
export interface MySqlPool {
  getConnection(): Promise<Connection>
  end(): Promise<void>
}

/**
 * A mysql2 pool whose statements are traced, in its own shape, so that drizzle takes it as its client. The text of a
 * span is the parameterised SQL that the query builder hands over: values never reach it.
 */
export function tracedPool(pool: MySqlPool, telemetry: DatabaseTelemetry) {
  const traced = (connection: Connection) => ({
    query: (query: { sql: string } | string, values?: unknown) =>
      telemetry.query(typeof query === 'string' ? query : query.sql, () => connection.query(query, values)),
    execute: (sql: string, values?: unknown) => telemetry.query(sql, () => connection.execute(sql, values)),
  })
  const borrow = <T>(work: (connection: ReturnType<typeof traced>) => Promise<T>) =>
    telemetry.withConnection(
      () => pool.getConnection(),
      (connection) => connection.release(),
      (connection) => work(traced(connection)),
    )
  return {
    query: (query: { sql: string } | string, values?: unknown) => borrow((c) => c.query(query, values)),
    execute: (sql: string, values?: unknown) => borrow((c) => c.execute(sql, values)),
    async getConnection() {
      const { connection, released } = await telemetry.acquireConnection(() => pool.getConnection())
      let isReleased = false
      return {
        ...traced(connection),
        release() {
          connection.release()
          if (!isReleased) released()
          isReleased = true
        },
      }
    },
    end: () => pool.end(),
  }
}

interface PoolInternals {
  pool?: {
    config: { connectionLimit: number }
    _allConnections: { length: number }
    _freeConnections: { length: number }
    _connectionQueue: { length: number }
  }
}

/** How full a mysql2 pool is; it offers no public count, so this reads its queues. */
export function mySqlPoolState(pool: unknown): PoolState {
  const inner = (pool as PoolInternals).pool
  if (!inner) return { idle: 0, used: 0, max: 0, pending: 0 }
  const idle = inner._freeConnections.length
  return {
    idle,
    used: inner._allConnections.length - idle,
    max: inner.config.connectionLimit,
    pending: inner._connectionQueue.length,
  }
}
