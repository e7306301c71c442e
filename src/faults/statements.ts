import type { Telemetry } from '@vitrine/telemetry'
import type { Faults } from './faults'

type Statements = ReturnType<Telemetry['statements']>
type Pool = ReturnType<Telemetry['database']>

const sleep = 'SELECT SLEEP(?)'

/** The same statements, of which a request's first takes as long as `slow-query` says. */
export const slowStatements = (statements: Statements, faults: Faults): Statements => ({
  ...statements,
  query(sql, run) {
    const slowMs = faults.first('slow-query')
    return statements.query(sql, slowMs === 0 ? run : () => Bun.sleep(slowMs).then(run))
  },
})

/** The same for a pool in mysql2's shape: the server itself takes the time, on the connection that the request uses. */
export function slowPool(pool: Pool, faults: Faults): Pool {
  type Connection = Awaited<ReturnType<Pool['getConnection']>>
  return {
    query: (statement, values) => run((on) => on.query(statement, values)),
    execute: (sql, values) => run((on) => on.execute(sql, values)),
    async getConnection() {
      const connection = await pool.getConnection()
      return {
        query: (statement, values) => slowly(connection, (on) => on.query(statement, values)),
        execute: (sql, values) => slowly(connection, (on) => on.execute(sql, values)),
        release: () => connection.release(),
      }
    },
    end: () => pool.end(),
  }

  async function run<T>(work: (on: Pick<Pool, 'query' | 'execute'>) => Promise<T>): Promise<T> {
    const slowMs = faults.first('slow-query')
    if (slowMs === 0) return work(pool)
    const connection = await pool.getConnection()
    try {
      await connection.query(sleep, [slowMs / 1000])
      return await work(connection)
    } finally {
      connection.release()
    }
  }

  async function slowly<T>(connection: Connection, work: (on: Connection) => Promise<T>): Promise<T> {
    const slowMs = faults.first('slow-query')
    if (slowMs > 0) await connection.query(sleep, [slowMs / 1000])
    return work(connection)
  }
}
