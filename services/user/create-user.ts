import { eq, or } from 'drizzle-orm'
import { type Database, isUniqueViolation } from '../../src/database/database'
import { DomainError } from '../../src/problem'
import { hashPassword } from './password'
import { users } from './schema'
import { toUser, type User } from './user'

export interface NewUser {
  username: string
  email: string
  password: string
  first_name: string
  last_name: string
}

/** @throws DomainError `USERNAME_TAKEN`, `EMAIL_TAKEN` */
export async function createUser({ db }: { db: Database }, input: NewUser): Promise<User> {
  const row = {
    id: Bun.randomUUIDv7(),
    username: input.username,
    email: input.email,
    passwordHash: await hashPassword(input.password),
    firstName: input.first_name,
    lastName: input.last_name,
    isAdmin: false,
    createdAt: new Date(),
  }
  try {
    await db.insert(users).values(row)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new DomainError(await takenCode(db, row))
  }
  return toUser(row)
}

async function takenCode(db: Database, { username, email }: { username: string; email: string }): Promise<string> {
  const others = await db
    .select({ username: users.username })
    .from(users)
    .where(or(eq(users.username, username), eq(users.email, email)))
  return others.some((other) => other.username === username) ? 'USERNAME_TAKEN' : 'EMAIL_TAKEN'
}
