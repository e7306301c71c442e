import { isDatabaseAway } from '../../src/database/away'
import { DomainError } from '../../src/problem'
import type { Signals } from './signals'

/**
 * Counts a checkout that fails, from the question of who asks to the answer. Refusals are the shop's normal business; what
 * remains should not happen.
 */
export async function countFailures<T>(signals: Signals, checkout: () => Promise<T>): Promise<T> {
  try {
    return await checkout()
  } catch (error) {
    const isRefusal = error instanceof DomainError && error.code !== 'UNAVAILABLE'
    const isAway = error instanceof DomainError || isDatabaseAway(error)
    if (!isRefusal) signals.failed.add(1, { reason: isAway ? 'unavailable' : 'internal' })
    throw error
  }
}
