import type { Telemetry } from '@vitrine/telemetry'
import { requestBudgetMs } from '../deadline'
import { inTime } from './in-time'
import { createPool } from './mysql-driver'

type Pool = Parameters<Telemetry['database']>[0]
type Connection = Awaited<ReturnType<Pool['getConnection']>>
/** What is used of mysql2's pool that it offers to nobody. */
interface Internals {
  _freeConnections: { length: number }
}

/** mysql2's pool for one database, as it is, and as requests use it. */
export function openPool(url: string) {
  const raw = createPool({
    uri: url,
    timezone: 'Z',
    connectionLimit: 10,
    connectTimeout: 2000,
    dateStrings: true,
    // With it a stack is taken at each statement, a twentieth of the service's time; drizzle's error has our frames.
    trace: false,
  })
  raw.on('connection', (connection) => void (connection as unknown as Connection).query(boundOfLocks))
  return { raw, pool: patient(raw as unknown as Pool & { pool: Internals }) }
}

// Seconds that a statement waits for a row which others hold; the server's own are 50.
const boundOfLocks = `SET SESSION innodb_lock_wait_timeout = ${requestBudgetMs / 1000}`

/** The same pool, in which no request waits for a connection longer than it has time. */
function patient(raw: Pool & { pool: Internals }): Pool {
  return {
    async getConnection() {
      const isFree = raw.pool._freeConnections.length > 0
      return withPlainValues(await (isFree ? raw.getConnection() : inTime(raw.getConnection(), release)))
    },
    end: () => raw.end(),
    // By its queues telemetry tells how full it is.
    ...{ pool: raw.pool },
  }
}

/**
 * The same connection, whose values are as the driver reads them. drizzle brings a function that is called for each, and
 * makes texts of dates: the driver does that by itself (`dateStrings`), and a page of the catalogue takes a twentieth less.
 */
const withPlainValues = (connection: Connection): Connection => ({
  query: (statement, values) =>
    connection.query(typeof statement === 'string' ? statement : { ...statement, ...plain }, values),
  execute: (sql, values) => connection.execute(sql, values),
  release: () => connection.release(),
})

const plain = { typeCast: true }
const release = (connection: Connection) => connection.release()
