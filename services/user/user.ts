import type { users } from './schema'

/** A user as the API shows it: never a hash. */
export interface User {
  id: string
  username: string
  email: string
  first_name: string
  last_name: string
  is_admin: boolean
}

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
