import type { Telemetry } from '@vitrine/telemetry'
import { openSqliteFile } from '../../../src/database/sqlite'
import { defaultRequestBudgetMs, withDeadline } from '../../../src/deadline'
import { withoutRetryOrBreaker } from '../../../src/retry'
import { jsonOrThrow, type ServiceClient } from '../../../src/service-client'
import type { UserApi } from '../../user/app'

export interface PendingRevocationsOptions {
  /** A SQLite file; `:memory:` in tests. */
  path: string
  users: ServiceClient<UserApi>
  telemetry: Telemetry
  /** The time in milliseconds since 1970. */
  now?: () => number
}

// No token lives longer (services/user/token.ts).
const maxTokenLifetimeMs = 30 * 24 * 3600_000
const batchSize = 100

/**
 * The tokens of shoppers who signed out while user-service was unavailable, as SHA-256, in a file that survives a crash. They are
 * revoked as soon as user-service acknowledges it. Several instances can share the file: a revocation can be repeated.
 * @throws Error when the file cannot be opened
 */
export function createPendingRevocations({ path, users, telemetry, now = Date.now }: PendingRevocationsOptions) {
  const file = open(path)

  return { add, revokePending, start }

  /** Stores a token. Once it returns, the revocation cannot get lost. @throws Error when the file cannot be written */
  function add(token: string): void {
    const hash = new Bun.CryptoHasher('sha256').update(token).digest('hex')
    file.run('INSERT OR IGNORE INTO pending_revocations (hash, added_at_ms) VALUES (?, ?)', [hash, now()])
    telemetry.log.event('revocation.stored', {}, 'warn')
  }

  /** Revokes what is pending, until the first failure. @returns the number of revoked tokens */
  async function revokePending(): Promise<number> {
    file.run('DELETE FROM pending_revocations WHERE added_at_ms <= ?', [now() - maxTokenLifetimeMs])
    let revoked = 0
    for (;;) {
      const rows = file
        .query<{ hash: string }, [number]>('SELECT hash FROM pending_revocations ORDER BY added_at_ms LIMIT ?')
        .all(batchSize)
      if (rows.length === 0) break
      try {
        for (const { hash } of rows) {
          await revoke(hash)
          file.run('DELETE FROM pending_revocations WHERE hash = ?', [hash])
          revoked++
        }
      } catch {
        // The client has recorded the failed call. The next tick tries again.
        break
      }
    }
    if (revoked > 0) telemetry.log.event('revocation.completed', { 'token.count': revoked })
    return revoked
  }

  async function revoke(sha256: string): Promise<void> {
    await withDeadline(defaultRequestBudgetMs, () =>
      withoutRetryOrBreaker(() => jsonOrThrow(users.api.tokens.revoked.$put({ json: { sha256 } }))),
    )
  }

  /**
   * Revokes what is pending now and every `intervalMs`, and skips a tick while the previous one is running.
   * @returns a function that stops after the current call and closes the file
   */
  function start(intervalMs = 5000): () => Promise<void> {
    let current: Promise<unknown> | undefined
    const tick = () => {
      current ??= revokePending()
        .catch((error) => telemetry.log.exception('exception', error))
        .finally(() => {
          current = undefined
        })
    }
    tick()
    const timer = setInterval(tick, intervalMs)
    return async () => {
      clearInterval(timer)
      await current
      file.close()
    }
  }
}

export type PendingRevocations = ReturnType<typeof createPendingRevocations>

function open(path: string) {
  try {
    const file = openSqliteFile(path)
    // Another instance may write; a signed-out shopper waits rather than fails.
    file.run('PRAGMA busy_timeout = 500')
    // Also after a power failure, unlike NORMAL.
    file.run('PRAGMA synchronous = FULL')
    file.run('CREATE TABLE IF NOT EXISTS pending_revocations (hash TEXT PRIMARY KEY, added_at_ms INTEGER NOT NULL)')
    return file
  } catch (cause) {
    throw new Error(
      `PENDING_REVOCATIONS_FILE=${path} cannot be opened: choose a file in a folder that can be written`,
      {
        cause,
      },
    )
  }
}
