import type { Context } from 'hono'
import { bearerToken } from '../src/service'
import { jsonOrThrow, type ServiceClient } from '../src/service-client'
import type { UserApi } from './user/app'
import type { User } from './user/user'

/** The user of a request's bearer token, from user-service. @throws DomainError `UNAUTHENTICATED`, `UNAVAILABLE` */
export async function authenticate(users: ServiceClient<UserApi>, c: Context): Promise<User> {
  return jsonOrThrow(users.api.user.$get({}, { headers: { Authorization: `Bearer ${bearerToken(c)}` } }))
}
