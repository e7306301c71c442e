import { desc, eq } from 'drizzle-orm'
import type { UserContext } from './context'
import { tokens } from './schema'
import { expiryOf } from './token'

/** A session in the API: what its owner needs to recognize it, and nothing that identifies a device or place. */
export interface SessionInUse {
  created_at: string
  /** With a precision of five minutes. */
  last_used_at: string
  expires_at: string
  /** Whether it is the session of this request. */
  current: boolean
}

/** The sessions of a user that are valid, the one that was used last first. */
export async function listSessions(
  { db, now }: Pick<UserContext, 'db' | 'now'>,
  { userId, tokenHash }: { userId: string; tokenHash: string },
): Promise<SessionInUse[]> {
  const rows = await db.select().from(tokens).where(eq(tokens.userId, userId)).orderBy(desc(tokens.lastUsedAt))
  return rows
    .filter((row) => expiryOf(row).getTime() > now())
    .map((row) => ({
      created_at: row.createdAt.toISOString(),
      last_used_at: row.lastUsedAt.toISOString(),
      expires_at: expiryOf(row).toISOString(),
      current: row.hash === tokenHash,
    }))
}

/** Ends all sessions of a user. */
export async function endSessions({ db }: Pick<UserContext, 'db'>, userId: string): Promise<void> {
  await db.delete(tokens).where(eq(tokens.userId, userId))
}
