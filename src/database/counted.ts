import type { Telemetry } from '@vitrine/telemetry'
import { countStatement } from '../server-timing'

type Statements = ReturnType<Telemetry['statements']>
type Pool = ReturnType<Telemetry['database']>

/** The same statements, each counted for the request that makes it. */
export const counted = (statements: Statements): Statements => ({
  ...statements,
  query(sql, run) {
    countStatement()
    return statements.query(sql, run)
  },
})

/** The same for a pool in mysql2's shape. */
export function countedPool(pool: Pool): Pool {
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
    countStatement()
    return query(statement, values)
  },
  execute(sql, values) {
    countStatement()
    return execute(sql, values)
  },
})
