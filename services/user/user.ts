import { z } from 'zod'
import type { users } from './schema'

/** A user in the API, without the password hash. */
export const user = z
  .object({
    id: z.uuid(),
    username: z.string(),
    email: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    is_admin: z.boolean(),
  })
  .meta({ id: 'User' })

export type User = z.infer<typeof user>

export function toUser(row: typeof users.$inferSelect): User {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    first_name: row.firstName,
    last_name: row.lastName,
    is_admin: row.isAdmin,
  }
}
