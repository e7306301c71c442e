import { inArray, lte, or } from 'drizzle-orm'
import type { UserContext } from './context'
import { tokens } from './schema'
import { maxIdleMs, maxLifetimeMs } from './token'

const batchSize = 500

/**
 * Deletes expired tokens and what the rate limits no longer need. Several instances can sweep at the same time.
 * @returns the number of tokens
 */
export async function sweepExpired({ db, limiter, telemetry, now }: UserContext): Promise<number> {
  const isExpired = or(
    lte(tokens.lastUsedAt, new Date(now() - maxIdleMs)),
    lte(tokens.createdAt, new Date(now() - maxLifetimeMs)),
  )
  let deleted = 0
  for (;;) {
    const expired = await db.select({ hash: tokens.hash }).from(tokens).where(isExpired).limit(batchSize)
    if (expired.length === 0) break
    const hashes = expired.map(({ hash }) => hash)
    const [{ affectedRows }] = await db.delete(tokens).where(inArray(tokens.hash, hashes))
    deleted += affectedRows
  }
  await limiter.sweep()
  if (deleted > 0) telemetry.log.event('tokens.swept', { 'token.count': deleted })
  return deleted
}

/**
 * Sweeps now and every `intervalMs`, and skips a tick while a sweep is running.
 * @returns a function that stops after the current sweep
 */
export function startSweep(context: UserContext, intervalMs = 60_000): () => Promise<void> {
  let current: Promise<unknown> | undefined
  const sweep = () => {
    current ??= sweepExpired(context)
      .catch((error) => context.telemetry.log.exception('exception', error))
      .finally(() => {
        current = undefined
      })
  }
  sweep()
  const timer = setInterval(sweep, intervalMs)
  return async () => {
    clearInterval(timer)
    await current
  }
}
