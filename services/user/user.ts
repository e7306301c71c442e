import type { users } from './schema'

/** A user in the API, without the password hash. */
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
