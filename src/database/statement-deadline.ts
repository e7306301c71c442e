import type { Telemetry } from '@vitrine/telemetry'
import { remainingMs } from '../deadline'

type Connection = Awaited<ReturnType<Parameters<Telemetry['database']>[0]['getConnection']>>
type Statements = Omit<Connection, 'release'>

/** A connection of mysql2's promise pool. */
export interface PooledConnection extends Connection {
  ping(): Promise<unknown>
  connection: { stream?: { destroy(): void }; destroy(): void }
}

// Time that the request reserves to send a response.
const marginMs = 25
// Even after the deadline: a COMMIT or ROLLBACK that is not sent would leave the transaction open.
const minStatementMs = 250
// Of statements outside a request, such as a job's.
const defaultStatementMs = 10_000
const pingTimeoutMs = 500

/** The database did not respond before the deadline. Whether the statement took effect is unknown. */
class StatementTimeout extends Error {
  readonly code = 'STATEMENT_TIMEOUT'
  readonly fatal = true
}

/**
 * The statements of a connection, each with the request's deadline. A connection that misses it is destroyed: its response
 * could arrive during another request. The server rolls its transaction back, so that ROLLBACK on a lost connection succeeds.
 * @param onTimeout called when a connection is destroyed
 * @throws StatementTimeout
 */
export function withStatementDeadline(connection: PooledConnection, onTimeout: () => void): Statements {
  let isLost = false

  return {
    query(statement, values) {
      if (isLost && isRollback(statement)) return Promise.resolve([{}])
      return beforeDeadline(
        connection.query(typeof statement === 'string' ? statement : { ...statement, ...defaultTypeCast }, values),
      )
    },
    execute: (sql, values) => beforeDeadline(connection.execute(sql, values)),
  }

  async function beforeDeadline<T>(pending: Promise<T>): Promise<T> {
    try {
      return await settleWithin(Math.max(remainingMs(defaultStatementMs) - marginMs, minStatementMs), pending)
    } catch (error) {
      if ((error as { fatal?: boolean }).fatal) isLost = true
      if (error instanceof StatementTimeout) {
        onTimeout()
        destroy(connection)
      }
      throw error
    }
  }
}

/** Whether the server responds. A connection that does not is destroyed. */
export function isAlive(connection: PooledConnection): Promise<boolean> {
  return settleWithin(pingTimeoutMs, connection.ping()).then(
    () => true,
    () => {
      destroy(connection)
      return false
    },
  )
}

// mysql2 only half-closes the socket, and an unreachable server never acknowledges that.
function destroy({ connection }: PooledConnection): void {
  connection.destroy()
  connection.stream?.destroy()
}

function settleWithin<T>(timeoutMs: number, pending: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new StatementTimeout(`no response of the database within ${Math.round(timeoutMs)} ms`)),
      timeoutMs,
    )
    pending.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

const isRollback = (statement: string | { sql: string }) =>
  /^\s*rollback\s*$/i.test(typeof statement === 'string' ? statement : statement.sql)

// Drizzle's own `typeCast` runs for each value and turns dates into text, which `dateStrings` already does: without it a page
// of the catalog takes 5 % less time.
const defaultTypeCast = { typeCast: true }
