import type { Context } from 'hono'
import { withDeadline } from './deadline'
import { isDraining } from './listen'
import { DomainError } from './problem'

// Probes of load balancers and breakers give up after about this time, and would take silence for a dead process.
const checkTimeoutMs = 1000

/**
 * The handler of `/ready`: 503 with a reason while the process drains, or while `check` rejects or takes longer than a second.
 * Probes that arrive during a check share it.
 */
export function respondReadiness(check: () => Promise<unknown> = async () => {}) {
  let current: Promise<string | undefined> | undefined

  return async function respondReadiness(c: Context): Promise<Response> {
    current ??= reasonNotReady(check).finally(() => {
      current = undefined
    })
    const reason = isDraining() ? 'draining' : await current
    return reason === undefined ? c.json({ status: 'ready' }) : c.json({ status: 'not ready', reason }, 503)
  }
}

function reasonNotReady(check: () => Promise<unknown>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('timeout'), checkTimeoutMs)
    withDeadline(checkTimeoutMs, () => Promise.try(check))
      .then(
        () => resolve(undefined),
        (error) => resolve(error instanceof DomainError ? error.code : 'database'),
      )
      .finally(() => clearTimeout(timer))
  })
}
