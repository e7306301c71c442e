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
 * Wraps a mysql2 pool in an object of the same shape, whose statements are traced; drizzle accepts it as its client. Spans
 * carry the parameterized SQL of the query builder, never the values.
 */
export function tracedPool(pool: MySqlPool, telemetry: DatabaseTelemetry) {
  const traced = (connection: Connection) => ({
    query: (query: { sql: string } | string, values?: unknown) =>
      telemetry.query(typeof query === 'string' ? query : query.sql, () => connection.query(query, values)),
    execute: (sql: string, values?: unknown) => telemetry.query(sql, () => connection.execute(sql, values)),
  })
  const withConnection = <T>(work: (connection: ReturnType<typeof traced>) => Promise<T>) =>
    telemetry.withConnection(
      () => pool.getConnection(),
      (connection) => connection.release(),
      (connection) => work(traced(connection)),
    )
  return {
    query: (query: { sql: string } | string, values?: unknown) => withConnection((c) => c.query(query, values)),
    execute: (sql: string, values?: unknown) => withConnection((c) => c.execute(sql, values)),
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

/** The state of a mysql2 pool, read from its private queues: it has no public counts. */
export function mySqlPoolState(pool: unknown): PoolState {
  const internals = (pool as PoolInternals).pool
  if (!internals) return { idle: 0, used: 0, max: 0, pending: 0 }
  const idle = internals._freeConnections.length
  return {
    idle,
    used: internals._allConnections.length - idle,
    max: internals.config.connectionLimit,
    pending: internals._connectionQueue.length,
  }
}
