import { isDatabaseUnavailable } from '../../src/database/unavailable'
import { DomainError } from '../../src/problem'
import type { Instruments } from './declarations'

/** Counts a checkout that fails, including its authentication. Refusals are expected outcomes and not counted. */
export async function countFailures<T>(instruments: Instruments, checkout: () => Promise<T>): Promise<T> {
  try {
    return await checkout()
  } catch (error) {
    const isRefusal = error instanceof DomainError && error.code !== 'UNAVAILABLE'
    const isUnavailable = error instanceof DomainError || isDatabaseUnavailable(error)
    if (!isRefusal) instruments.failed.add(1, { reason: isUnavailable ? 'unavailable' : 'internal' })
    throw error
  }
}
