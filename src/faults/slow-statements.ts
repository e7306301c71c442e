import type { Telemetry } from '@vitrine/telemetry'
import type { Faults } from './faults'

type Statements = ReturnType<Telemetry['instrumentDatabase']>
type Pool = Parameters<Telemetry['database']>[0]
type Statement = string | { sql: string }

/** The same statements, of which a request's first takes as long as `slow-query` says. */
export const slowStatements = (statements: Statements, faults: Faults): Statements => ({
  ...statements,
  query(sql, run) {
    const slowMs = extraMs(sql, faults)
    return statements.query(sql, slowMs === 0 ? run : () => Bun.sleep(slowMs).then(run))
  },
})

/**
 * The same for a mysql2 pool, beneath telemetry: the statement itself looks slow, as a real one does, while the server
 * takes the time on its connection.
 */
export const slowPool = (pool: Pool, faults: Faults): Pool => ({
  ...pool,
  async getConnection() {
    const connection = await pool.getConnection()
    const slowly = <T>(statement: Statement, run: () => Promise<T>): Promise<T> => {
      const slowMs = extraMs(statement, faults)
      return slowMs === 0 ? run() : connection.query('SELECT SLEEP(?)', [slowMs / 1000]).then(run)
    }
    return {
      query: (statement, values) => slowly(statement, () => connection.query(statement, values)),
      execute: (sql, values) => slowly(sql, () => connection.execute(sql, values)),
      release: () => connection.release(),
    }
  },
})

function extraMs(statement: Statement, faults: Faults): number {
  const sql = typeof statement === 'string' ? statement : statement.sql
  return onlyBegins.test(sql) ? 0 : faults.first('slow-query')
}

const onlyBegins = /^\s*(begin|start transaction)/i
