import type { Context } from 'hono'
import { DomainError } from '../src/problem'
import { bearerToken } from '../src/service'
import { jsonOrThrow, type serviceClient } from '../src/service-client'
import type { UserApi } from './user/app'
import type { User } from './user/user'

export type UserClient = ReturnType<typeof serviceClient<UserApi>>

/** Asks user-service whose token a request carries. @throws DomainError `UNAUTHENTICATED`, `UNAVAILABLE` */
export async function authenticate(users: UserClient, c: Context): Promise<User> {
  return jsonOrThrow(users.api.user.$get({}, { headers: { Authorization: `Bearer ${bearerToken(c)}` } }))
}

/** The same for administrators only. @throws DomainError `FORBIDDEN` too */
export async function authenticateAdmin(users: UserClient, c: Context): Promise<User> {
  const user = await authenticate(users, c)
  if (!user.is_admin) throw new DomainError('FORBIDDEN')
  return user
}
