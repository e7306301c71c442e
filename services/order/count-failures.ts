import { isDatabaseUnavailable } from '../../src/database/unavailable'
import { DomainError } from '../../src/problem'
import type { Instruments } from './declarations'

/**
 * Counts a checkout that fails, from the question of who asks to the answer. Refusals are the shop's normal business; what
 * remains should not happen.
 */
export async function countFailures<T>(signals: Instruments, checkout: () => Promise<T>): Promise<T> {
  try {
    return await checkout()
  } catch (error) {
    const isRefusal = error instanceof DomainError && error.code !== 'UNAVAILABLE'
    const isAway = error instanceof DomainError || isDatabaseUnavailable(error)
    if (!isRefusal) signals.failed.add(1, { reason: isAway ? 'unavailable' : 'internal' })
    throw error
  }
}
