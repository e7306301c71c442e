import { bool, id, index, string, table, timestamp } from '../../src/database/columns'

export const users = table('users', {
  id: id().primaryKey(),
  /** Lower case, so that usernames are unique regardless of case. */
  username: string(32).notNull().unique(),
  email: string(254).notNull().unique(),
  passwordHash: string(255).notNull(),
  firstName: string(100).notNull(),
  lastName: string(100).notNull(),
  isAdmin: bool().notNull(),
  createdAt: timestamp().notNull(),
})

export const tokens = table(
  'tokens',
  {
    /** SHA-256 of the token, in hexadecimal. The token itself is not stored. */
    hash: string(64).primaryKey(),
    userId: id()
      .notNull()
      .references(() => users.id),
    createdAt: timestamp().notNull(),
    lastUsedAt: timestamp().notNull(),
  },
  (token) => [index('tokens_user_id').on(token.userId)],
)
