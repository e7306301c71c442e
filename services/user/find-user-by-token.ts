import { eq } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { placeholder, prepared } from '../../src/database/prepared'
import { isStorageFull } from '../../src/database/storage-full'
import { DomainError } from '../../src/problem'
import { tokens, users } from './schema'
import { expiryOf, hashToken } from './token'
import { toUser, type User } from './user'

// The last use is stored with a precision of five minutes, which saves a write per request.
const touchAfterMs = 5 * 60_000

/** The user of a token. @throws DomainError `UNAUTHENTICATED` for an unknown or expired token. */
export async function findUserByToken({ db }: { db: Database }, token: string, now = new Date()): Promise<User> {
  const hash = hashToken(token)
  const [row] = await selectTokenAndUser(db).execute({ hash })
  if (!row || expiryOf(row.token) <= now) throw new DomainError('UNAUTHENTICATED')
  if (now.getTime() - row.token.lastUsedAt.getTime() > touchAfterMs) {
    await db.update(tokens).set({ lastUsedAt: now }).where(eq(tokens.hash, hash)).catch(unlessStorageFull)
  }
  return toUser(row.user)
}

// Signed-in users keep reading while the disk is full. The next request stores the use.
function unlessStorageFull(error: unknown): void {
  if (!isStorageFull(error)) throw error
}

// Prepared, because nearly every request of a signed-in user runs it.
const selectTokenAndUser = prepared((db) =>
  db
    .select({ token: tokens, user: users })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.userId))
    .where(eq(tokens.hash, placeholder('hash', tokens.hash)))
    .prepare(),
)
