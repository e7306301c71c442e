import { desc, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../../src/database/database'
import { DomainError } from '../../src/problem'
import type { UserContext } from './context'
import type { Instruments } from './declarations'
import { tokens, users } from './schema'
import { expiryOf, hashToken, newToken } from './token'
import { toUser, user } from './user'

/** A token and its user, in the API. */
export const session = z.object({ token: z.string(), expires_at: z.iso.datetime(), user }).meta({ id: 'Session' })

export type Session = z.infer<typeof session>

export interface Credentials {
  /** A username or an e-mail address. */
  username: string
  password: string
  /** The client's address, if it is known. */
  address: string | undefined
}

/** Sessions that a user can have at the same time. */
const maxSessions = 100

type UserRow = typeof users.$inferSelect

/**
 * @throws DomainError `BAD_CREDENTIALS`, after the same time for an unknown name and for a wrong password;
 * `TOO_MANY_REQUESTS`, `OVERLOADED`
 */
export async function logIn(context: UserContext, { username, password, address }: Credentials): Promise<Session> {
  const { db, instruments, guard, passwords, now } = context
  const [row] = await db.select().from(users).where(isNamed(username))
  const attempt = { account: row?.id ?? username, address }
  const { isMatch, admission } = await counting(instruments, async () => {
    const admission = await guard.admit(attempt)
    return { admission, isMatch: await passwords.verify(password, row?.passwordHash, admission.priority) }
  })
  if (!row || !isMatch) {
    await guard.recordFailure(attempt)
    throw badCredentials(instruments)
  }
  const token = newToken()
  const times = { createdAt: new Date(now()), lastUsedAt: new Date(now()) }
  if (!(await storeToken(db, row, { hash: hashToken(token), ...times }))) throw badCredentials(instruments)
  instruments.logins.add(1, { result: 'success' })
  await guard.recordSuccess(attempt, admission)
  await endOldestSessions(db, row.id)
  return { token, expires_at: expiryOf(times).toISOString(), user: toUser(row) }
}

/** Ends the sessions beyond `maxSessions` that were not used for the longest time. */
async function endOldestSessions(db: Database, userId: string): Promise<void> {
  const excess = await db
    .select({ hash: tokens.hash })
    .from(tokens)
    .where(eq(tokens.userId, userId))
    .orderBy(desc(tokens.lastUsedAt))
    .limit(maxSessions)
    .offset(maxSessions)
  if (excess.length === 0) return
  const hashes = excess.map(({ hash }) => hash)
  await db.delete(tokens).where(inArray(tokens.hash, hashes))
}

// A username contains no "@".
const isNamed = (name: string) => eq(name.includes('@') ? users.email : users.username, name)

/**
 * Stores a token unless the password has changed since it was verified. On MySQL the insert locks the user's row, by its
 * foreign key, so that a change comes before or after both statements.
 */
function storeToken(
  db: Database,
  { id, passwordHash }: UserRow,
  token: { hash: string; createdAt: Date; lastUsedAt: Date },
): Promise<boolean> {
  return db
    .transaction(async (tx) => {
      await tx.insert(tokens).values({ userId: id, ...token })
      const [current] = await tx.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, id))
      if (current?.passwordHash !== passwordHash) throw new PasswordChanged()
      return true
    })
    .catch((error: unknown) => {
      if (error instanceof PasswordChanged) return false
      throw error
    })
}

class PasswordChanged extends Error {}

const results = { TOO_MANY_REQUESTS: 'rate_limited', OVERLOADED: 'overloaded' } as const

async function counting<T>({ logins }: Instruments, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const result = error instanceof DomainError ? results[error.code as keyof typeof results] : undefined
    if (result) logins.add(1, { result })
    throw error
  }
}

function badCredentials({ logins }: Instruments): DomainError {
  logins.add(1, { result: 'bad_credentials' })
  return new DomainError('BAD_CREDENTIALS')
}
