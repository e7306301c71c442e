import type { Context } from 'hono'
import { DomainError } from '../src/problem'
import { bearerToken } from '../src/service'
import { jsonOrThrow, type ServiceClient } from '../src/service-client'
import type { UserApi } from './user/app'
import type { User } from './user/user'

/** The user of a request's bearer token, from user-service. @throws DomainError `UNAUTHENTICATED`, `UNAVAILABLE` */
export async function authenticate(users: ServiceClient<UserApi>, c: Context): Promise<User> {
  return jsonOrThrow(users.api.user.$get({}, { headers: { Authorization: `Bearer ${bearerToken(c)}` } }))
}

/** The same for administrators. @throws DomainError also `FORBIDDEN` */
export async function authenticateAdmin(users: ServiceClient<UserApi>, c: Context): Promise<User> {
  const user = await authenticate(users, c)
  if (!user.is_admin) throw new DomainError('FORBIDDEN')
  return user
}
