import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../../src/database/database'
import { DomainError } from '../../src/problem'
import type { Instruments } from './declarations'
import { decoyHash, verifyPassword } from './password'
import { tokens, users } from './schema'
import { expiryOf, hashToken, newToken } from './token'
import { toUser, user } from './user'

/** A token and its user, in the API. */
export const session = z.object({ token: z.string(), expires_at: z.iso.datetime(), user }).meta({ id: 'Session' })

export type Session = z.infer<typeof session>

/** @throws DomainError `BAD_CREDENTIALS`, after the same time for an unknown name and for a wrong password. */
export async function logIn(
  { db, instruments }: { db: Database; instruments: Instruments },
  { username, password }: { username: string; password: string },
): Promise<Session> {
  const [row] = await db.select().from(users).where(eq(users.username, username))
  const isMatch = await verifyPassword(password, row?.passwordHash ?? (await decoyHash()))
  if (!row || !isMatch) {
    instruments.logins.add(1, { result: 'bad_credentials' })
    throw new DomainError('BAD_CREDENTIALS')
  }
  const token = newToken()
  const now = new Date()
  const times = { createdAt: now, lastUsedAt: now }
  await db.insert(tokens).values({ hash: hashToken(token), userId: row.id, ...times })
  instruments.logins.add(1, { result: 'success' })
  return { token, expires_at: expiryOf(times).toISOString(), user: toUser(row) }
}
