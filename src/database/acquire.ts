import { remainingMs } from '../deadline'

// Time that the request reserves to send a response.
const marginMs = 25

/** No connection came free before the deadline. No statement was sent to the database. */
class PoolTimeout extends Error {
  readonly code = 'POOL_TIMEOUT'
}

interface PendingAcquire<C> {
  /** Leaves the pool's queue; called after a timeout. */
  cancel(): void
  /** Returns a connection that arrives after the timeout. */
  release(connection: C): void
}

/**
 * Waits for a connection until shortly before the request's deadline.
 * @throws PoolTimeout
 */
export function acquireBeforeDeadline<C>(pending: Promise<C>, { cancel, release }: PendingAcquire<C>): Promise<C> {
  return new Promise((resolve, reject) => {
    let isTimedOut = false
    const timer = setTimeout(timeOut, Math.max(0, remainingMs() - marginMs))
    pending.then(settle, (error) => {
      clearTimeout(timer)
      reject(error)
    })

    function timeOut(): void {
      isTimedOut = true
      cancel()
      reject(new PoolTimeout('no connection of the pool became free before the deadline'))
    }
    function settle(connection: C): void {
      clearTimeout(timer)
      if (isTimedOut) release(connection)
      else resolve(connection)
    }
  })
}
