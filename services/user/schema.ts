import { bool, id, index, string, table, timestamp } from '../../src/database/columns'
import { rateLimitTable } from '../../src/rate-limit'

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
  /** The `Idempotency-Key` of the registration. */
  registrationKey: string(100).unique(),
})

export const rateLimits = rateLimitTable()

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
  (token) => [index('tokens_user_id').on(token.userId), index('tokens_last_used_at').on(token.lastUsedAt)],
)
