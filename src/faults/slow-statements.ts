import type { Telemetry } from '@vitrine/telemetry'
import type { Faults } from './faults'

type Statements = ReturnType<Telemetry['instrumentDatabase']>
type Pool = Parameters<Telemetry['database']>[0]
type Statement = string | { sql: string }

/** Delays the first statement of each request by `slow-query`. */
export const slowStatements = (statements: Statements, faults: Faults): Statements => ({
  ...statements,
  query(sql, run) {
    const slowMs = extraMs(sql, faults)
    return statements.query(sql, slowMs === 0 ? run : () => Bun.sleep(slowMs).then(run))
  },
})

/**
 * The same for a mysql2 pool. The server sleeps on the connection, below telemetry, so that the statement's own span is slow
 * as it is for a real slow query.
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
  return beginsTransaction.test(sql) ? 0 : faults.valueOnce('slow-query')
}

const beginsTransaction = /^\s*(begin|start transaction)/i
