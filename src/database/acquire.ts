import { remainingMs } from '../deadline'

// What is kept of the deadline, to answer something.
const marginMs = 25

/** All connections were in use for as long as the request had time. Nothing was asked of the database. */
class PoolTimeout extends Error {
  readonly code = 'POOL_TIMEOUT'
}

interface PendingAcquire<C> {
  /** Called for who gives up. */
  cancel(): void
  /** Takes a connection that came all the same. */
  release(connection: C): void
}

/**
 * A connection that is waited for in line, until the request's deadline is near.
 * @throws PoolTimeout
 */
export function acquireBeforeDeadline<C>(coming: Promise<C>, { cancel, release }: PendingAcquire<C>): Promise<C> {
  return new Promise((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(giveUp, Math.max(0, remainingMs() - marginMs))
    coming.then(arrived, (error) => {
      clearTimeout(timer)
      reject(error)
    })

    function giveUp(): void {
      isLate = true
      cancel()
      reject(new PoolTimeout('no connection of the pool came free in time'))
    }
    function arrived(connection: C): void {
      clearTimeout(timer)
      if (isLate) release(connection)
      else resolve(connection)
    }
  })
}
