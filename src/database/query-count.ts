import type { Telemetry } from '@vitrine/telemetry'
import { countQuery } from '../server-timing'

type Statements = ReturnType<Telemetry['instrumentDatabase']>
type Pool = ReturnType<Telemetry['database']>

/** Counts each statement of the current request. */
export const withQueryCount = (statements: Statements): Statements => ({
  ...statements,
  query(sql, run) {
    countQuery()
    return statements.query(sql, run)
  },
})

/** The same for a pool in mysql2's shape. */
export function poolWithQueryCount(pool: Pool): Pool {
  return {
    ...countedCalls(pool),
    async getConnection() {
      const connection = await pool.getConnection()
      return { ...countedCalls(connection), release: () => connection.release() }
    },
    end: () => pool.end(),
  }
}

const countedCalls = ({ query, execute }: Pick<Pool, 'query' | 'execute'>): Pick<Pool, 'query' | 'execute'> => ({
  query(statement, values) {
    countQuery()
    return query(statement, values)
  },
  execute(sql, values) {
    countQuery()
    return execute(sql, values)
  },
})
