import { eq } from 'drizzle-orm'
import { type Database, isUniqueViolation } from '../../src/database/database'
import { refuseCommonPassword } from './common-passwords'
import { newRow, takenCode } from './create-user'
import type { NewUser } from './new-user'
import { argon2id, type PasswordHasher } from './password'
import { tokens, users } from './schema'
import { developmentPassword } from './seed'
import { toUser, type User } from './user'

interface Context {
  db: Database
  hasher?: PasswordHasher
}

/**
 * Creates an administrator, the first one unless `isAdditional`.
 * @throws Error whose message names what the operator has to do
 */
export async function createAdministrator(
  { db, hasher = argon2id }: Context,
  person: NewUser,
  { isAdditional = false } = {},
): Promise<User> {
  const existing = await db.select().from(users).where(eq(users.isAdmin, true)).limit(1)
  if (existing[0] && !isAdditional) {
    throw new Error(`there is an administrator, "${existing[0].username}": use --additional to create another one`)
  }
  await refuseCommonPassword(person.password, person)
  const passwordHash = await hasher.hash(person.password)
  const row = newRow(person, { passwordHash, isAdmin: true, createdAt: new Date() })
  try {
    await db.insert(users).values(row)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const taken = (await takenCode(db, row)) === 'USERNAME_TAKEN' ? `username "${row.username}"` : 'e-mail address'
    throw new Error(`the ${taken} is taken: choose another one`)
  }
  return toUser(row)
}

/** Replaces a user's password and ends all sessions of the user. @throws Error for an operator */
export async function resetPassword(
  { db, hasher = argon2id }: Context,
  { username, password }: { username: string; password: string },
): Promise<void> {
  const [row] = await db.select().from(users).where(eq(users.username, username))
  if (!row) throw new Error(`there is no user "${username}"`)
  await refuseCommonPassword(password, row)
  const passwordHash = await hasher.hash(password)
  await db.transaction(async (tx) => {
    await tx.update(users).set({ passwordHash }).where(eq(users.id, row.id))
    await tx.delete(tokens).where(eq(tokens.userId, row.id))
  })
}

/**
 * Refuses a database from development: its administrator's password is in the source code.
 * @throws Error whose message names what the operator has to do
 */
export async function refuseDevelopmentCredentials({ db, hasher = argon2id }: Context): Promise<void> {
  const administrators = await db.select().from(users).where(eq(users.isAdmin, true))
  for (const { username, passwordHash } of administrators) {
    if (await hasher.verify(developmentPassword, passwordHash)) {
      throw new Error(
        `the administrator "${username}" has the password of development, which is public: ` +
          `set another one with "bun run admin:password ${username}", or use another database`,
      )
    }
  }
}
