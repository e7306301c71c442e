import type { Telemetry } from '@vitrine/telemetry'
import { remainingMs, requestBudgetMs } from '../deadline'

// What is kept of the deadline, to answer something.
const marginMs = 25

/** All connections were in use for as long as the request had time. Nothing was asked of the database. */
class PoolTimeout extends Error {
  readonly code = 'POOL_TIMEOUT'
}

/**
 * A connection that is waited for, until the request's deadline is near; what comes later is given back at once.
 * @throws PoolTimeout
 */
export function inTime<C>(coming: Promise<C>, giveBack: (connection: C) => void): Promise<C> {
  return new Promise((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(giveUp, Math.max(0, remainingMs() - marginMs))
    coming.then(arrived, (error) => {
      clearTimeout(timer)
      reject(error)
    })

    function giveUp(): void {
      isLate = true
      reject(new PoolTimeout('no connection of the pool came free in time'))
    }
    function arrived(connection: C): void {
      clearTimeout(timer)
      if (isLate) giveBack(connection)
      else resolve(connection)
    }
  })
}

// Whole seconds; MySQL's own are 50.
const lockWait = `SET SESSION innodb_lock_wait_timeout = ${requestBudgetMs / 1000}`

type Pool = Parameters<Telemetry['database']>[0]
/** What is used of a mysql2 promise pool that it does not offer by itself. */
interface Mysql2Pool extends Pool {
  pool: { _freeConnections: { length: number } }
  on(event: 'connection', opened: (connection: { query(sql: string): unknown }) => void): unknown
}

/** A mysql2 pool in which no request waits longer than it has time: neither for a connection nor for a row. */
export function poolInTime(given: unknown): Pool {
  const pool = given as Mysql2Pool
  const { pool: inner } = pool
  pool.on('connection', (connection) => connection.query(lockWait))
  const giveBack = (connection: { release(): void }) => connection.release()

  return {
    getConnection() {
      const isFree = inner._freeConnections.length > 0
      return isFree ? pool.getConnection() : inTime(pool.getConnection(), giveBack)
    },
    end: () => pool.end(),
    // By its queues telemetry tells how full it is.
    ...{ pool: inner },
  }
}
