import { remainingMs } from '../deadline'

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
