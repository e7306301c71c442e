import { and, eq, ne } from 'drizzle-orm'
import { DomainError } from '../../src/problem'
import type { RateLimit } from '../../src/rate-limit'
import { refuseCommonPassword } from './common-passwords'
import type { UserContext } from './context'
import { priorities } from './hash-queue'
import { tokens, users } from './schema'

// Each attempt counts, because a right one costs two hashes. Only the user can use it up.
const userLimit: RateLimit = { name: 'password_user', burst: 5, refillMs: 60_000 }

export interface PasswordChange {
  userId: string
  /** The session that stays. */
  tokenHash: string
  currentPassword: string
  newPassword: string
}

/**
 * Changes a password and ends the user's other sessions.
 * @throws DomainError `WRONG_PASSWORD`, `PASSWORD_TOO_COMMON`, `PASSWORD_CONTAINS_NAME`, `TOO_MANY_REQUESTS`, `OVERLOADED`
 */
export async function changePassword(
  { db, limiter, passwords, telemetry }: UserContext,
  { userId, tokenHash, currentPassword, newPassword }: PasswordChange,
): Promise<void> {
  const [row] = await db.select().from(users).where(eq(users.id, userId))
  if (!row) throw new DomainError('UNAUTHENTICATED')
  await refuseCommonPassword(newPassword, row, 'new_password')
  await limiter.take(userLimit, userId)
  if (!(await passwords.verify(currentPassword, row.passwordHash, priorities.clean))) {
    throw new DomainError('WRONG_PASSWORD')
  }
  const passwordHash = await passwords.hash(newPassword, priorities.clean)
  await db.transaction(async (tx) => {
    // The user first, as a login does: see storeToken there. A concurrent change makes this one wrong.
    const [{ affectedRows }] = await tx
      .update(users)
      .set({ passwordHash })
      .where(and(eq(users.id, userId), eq(users.passwordHash, row.passwordHash)))
    if (affectedRows === 0) throw new DomainError('WRONG_PASSWORD')
    await tx.delete(tokens).where(and(eq(tokens.userId, userId), ne(tokens.hash, tokenHash)))
  })
  telemetry.log.event('password.changed', { 'user.id': userId })
}
