import { type Database, isUniqueViolation } from '../../src/database/database'
import { argon2id } from './password'
import { users } from './schema'

/** Public, because it is in the source: production refuses it. */
export const developmentPassword = 'admin123'

/** Creates the administrator for development, `admin` / `admin123`, in an empty database. */
export async function seedAdmin(db: Database): Promise<void> {
  const admin = {
    id: '01930000-0000-7000-8000-0000000000ad',
    username: 'admin',
    email: 'admin@vitrine.test',
    firstName: 'Admin',
    lastName: 'Vitrine',
    isAdmin: true,
    createdAt: new Date('2026-01-01T00:00:00Z'),
  }
  const existing = await db.select({ id: users.id }).from(users).limit(1)
  if (existing.length > 0) return
  await db
    .insert(users)
    .values({ ...admin, passwordHash: await argon2id.hash(developmentPassword) })
    .catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error
    })
}
