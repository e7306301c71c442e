import type { Context, MiddlewareHandler } from 'hono'
import { secured } from '../src/openapi/contract'
import { DomainError } from '../src/problem'
import type { User } from './user/user'

/** What a route has behind `signedIn` or `adminOnly`: `c.get('user')`. */
export interface SignedIn {
  Variables: { user: User }
}

/** Finds the user of a request. @throws DomainError `UNAUTHENTICATED` */
export type FindUser = (c: Context) => Promise<User>

/** Requires a user. It comes before `validateRequest`: a stranger learns nothing about what a request must contain. */
export function signedIn(findUser: FindUser): MiddlewareHandler<SignedIn> {
  return secured('token', async function signedIn(c: Context<SignedIn>, next) {
    c.set('user', await findUser(c))
    await next()
  })
}

/** Requires an administrator. @throws DomainError also `FORBIDDEN` */
export function adminOnly(findUser: FindUser): MiddlewareHandler<SignedIn> {
  return secured('admin', async function adminOnly(c: Context<SignedIn>, next) {
    const user = await findUser(c)
    if (!user.is_admin) throw new DomainError('FORBIDDEN', { detail: 'This is for administrators only' })
    c.set('user', user)
    await next()
  })
}
