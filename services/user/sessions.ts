import { desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { UserContext } from './context'
import { tokens } from './schema'
import { expiryOf } from './token'

/** A session in the API: what its owner needs to recognize it, and nothing that identifies a device or place. */
const sessionInUse = z
  .object({
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().meta({ description: 'With a precision of five minutes' }),
    expires_at: z.iso.datetime(),
    current: z.boolean().meta({ description: 'Whether it is the session of this request' }),
  })
  .meta({ id: 'SessionInUse' })

export const sessionList = z.object({ items: z.array(sessionInUse) }).meta({ id: 'SessionList' })

export type SessionList = z.infer<typeof sessionList>

/** The sessions of a user that are valid, the one that was used last first. */
export async function listSessions(
  { db, now }: Pick<UserContext, 'db' | 'now'>,
  { userId, tokenHash }: { userId: string; tokenHash: string },
): Promise<SessionList> {
  const rows = await db.select().from(tokens).where(eq(tokens.userId, userId)).orderBy(desc(tokens.lastUsedAt))
  const items = rows
    .filter((row) => expiryOf(row).getTime() > now())
    .map((row) => ({
      created_at: row.createdAt.toISOString(),
      last_used_at: row.lastUsedAt.toISOString(),
      expires_at: expiryOf(row).toISOString(),
      current: row.hash === tokenHash,
    }))
  return { items }
}

/** Ends all sessions of a user. */
export async function endSessions({ db }: Pick<UserContext, 'db'>, userId: string): Promise<void> {
  await db.delete(tokens).where(eq(tokens.userId, userId))
}
