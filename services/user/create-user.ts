import { eq, or } from 'drizzle-orm'
import { clientKey } from '../../src/client-address'
import { type Database, isUniqueViolation } from '../../src/database/database'
import { DomainError } from '../../src/problem'
import type { RateLimit } from '../../src/rate-limit'
import { refuseCommonPassword } from './common-passwords'
import type { UserContext } from './context'
import { priorities } from './hash-queue'
import type { NewUser } from './new-user'
import { users } from './schema'
import { toUser, type User } from './user'

export interface Registration {
  /** The same key with the same person returns the same user. */
  idempotencyKey?: string | undefined
  /** The client's address, if it is known. */
  address?: string | undefined
}

const addressLimit: RateLimit = { name: 'register_address', burst: 20, refillMs: 60_000 }

/**
 * @throws DomainError `USERNAME_TAKEN`, `EMAIL_TAKEN`, `PASSWORD_TOO_COMMON`, `PASSWORD_CONTAINS_NAME`,
 * `IDEMPOTENCY_KEY_REUSED`, `TOO_MANY_REQUESTS`, `OVERLOADED`
 */
export async function createUser(
  context: UserContext,
  input: NewUser,
  { idempotencyKey, address }: Registration = {},
): Promise<User> {
  const { db, limiter, passwords, now } = context
  const earlier = await findByKey(context, input, { idempotencyKey, address })
  if (earlier) return earlier
  await refuseCommonPassword(input.password, input)
  if (address !== undefined) await limiter.take(addressLimit, clientKey(address))
  // A login of a person without failures comes first.
  const passwordHash = await passwords.hash(input.password, priorities.nameFailed)
  const row = newRow(input, {
    passwordHash,
    isAdmin: false,
    createdAt: new Date(now()),
    registrationKey: idempotencyKey,
  })
  try {
    await db.insert(users).values(row)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    // A concurrent request with the same key may have created this user.
    const concurrent = await findByKey(context, input, { idempotencyKey })
    if (concurrent) return concurrent
    throw new DomainError(await takenCode(db, row))
  }
  return toUser(row)
}

/** The row of a new user. */
export function newRow(
  { username, email, first_name, last_name }: Omit<NewUser, 'password'>,
  more: { passwordHash: string; isAdmin: boolean; createdAt: Date; registrationKey?: string | undefined },
) {
  const { registrationKey = null } = more
  const names = { username, email, firstName: first_name, lastName: last_name }
  return { id: Bun.randomUUIDv7(), ...names, ...more, registrationKey }
}

// The body is compared with the user that it created: a stored hash of a body with a password could be guessed fast.
async function findByKey(
  { db, limiter, passwords }: UserContext,
  input: NewUser,
  { idempotencyKey, address }: Registration,
): Promise<User | undefined> {
  if (idempotencyKey === undefined) return undefined
  const [row] = await db.select().from(users).where(eq(users.registrationKey, idempotencyKey))
  if (!row) return undefined
  // Without a limit, a client that has the key could guess the password.
  if (address !== undefined) await limiter.take(addressLimit, clientKey(address))
  const isSame =
    row.username === input.username &&
    row.email === input.email &&
    row.firstName === input.first_name &&
    row.lastName === input.last_name
  if (!isSame || !(await passwords.verify(input.password, row.passwordHash, priorities.last))) {
    throw new DomainError('IDEMPOTENCY_KEY_REUSED')
  }
  return toUser(row)
}

/** Which of both is taken. */
export async function takenCode(
  db: Database,
  { username, email }: { username: string; email: string },
): Promise<string> {
  const others = await db
    .select({ username: users.username })
    .from(users)
    .where(or(eq(users.username, username), eq(users.email, email)))
  return others.some((other) => other.username === username) ? 'USERNAME_TAKEN' : 'EMAIL_TAKEN'
}
