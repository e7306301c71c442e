import { isDatabaseUnavailable } from '../../src/database/unavailable'
import { DomainError } from '../../src/problem'
import type { Instruments } from './declarations'

/** Counts the error of a checkout that failed, including its authentication. Refusals are expected outcomes and not counted. */
export function countFailure(instruments: Instruments, error: Error): void {
  const isRefusal = error instanceof DomainError && error.code !== 'UNAVAILABLE'
  const isUnavailable = error instanceof DomainError || isDatabaseUnavailable(error)
  if (!isRefusal) instruments.failed.add(1, { reason: isUnavailable ? 'unavailable' : 'internal' })
}
