import type { Context, MiddlewareHandler } from 'hono'
import type { CookieOptions } from 'hono/utils/cookie'
import { type Session, sessionMiddleware } from 'hono-sessions'
import { DomainError } from '../../src/problem'
import type { Cart, Login } from './context'
import { SealedCookieStore } from './session-store'

export interface Flash {
  kind: 'success' | 'info' | 'error'
  text: string
  /** Whether to offer the way to the cart. */
  to_cart?: boolean
}

/** Who is signed in, as far as the pages need it. */
export interface Shopper {
  token: string
  user: { id: string; first_name: string; is_admin: boolean }
}

interface Content extends Shopper {
  cart_count: number
  flash: Flash
  return_to: string
}

export interface SessionsOptions {
  secret: string
  /** Whether the answer to this request goes over HTTPS. */
  isSecure: (c: Context) => boolean
}

// As long as user-service keeps an idle token.
const lifeSeconds = 12 * 3600

/** Opens the visitor's session for what follows and writes it back when it changed. */
export function sessions({ secret, isSecure }: SessionsOptions): MiddlewareHandler {
  const over = (https: boolean) => {
    const shared: CookieOptions = { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: lifeSeconds }
    return sessionMiddleware({
      store: new SealedCookieStore(secret),
      encryptionKey: secret,
      expireAfterSeconds: lifeSeconds,
      autoExtendExpiration: false,
      cookieOptions: https ? { ...shared, secure: true, prefix: 'host' } : shared,
    })
  }
  const [https, http] = [over(true), over(false)]

  return async function session(c, next) {
    const open = isSecure(c) ? https : http
    return open(c, () => {
      extend(sessionOf(c))
      return next()
    })
  }
}

/** The visitor's session; absent only where a request failed before it was opened. */
export const sessionOf = (c: Context): Session<Content> | undefined => c.get('session')

export function shopperOf(c: Context): Shopper | undefined {
  const [token, user] = [sessionOf(c)?.get('token'), sessionOf(c)?.get('user')]
  return token && user ? { token, user } : undefined
}

/** @throws DomainError `UNAUTHENTICATED`, which the storefront answers with the way to the login page */
export function requireShopper(c: Context): Shopper {
  const shopper = shopperOf(c)
  if (!shopper) throw new DomainError('UNAUTHENTICATED')
  return shopper
}

/** Forgets all that the session holds: nothing planted before a login is there after it. */
export function clearSession(c: Context): void {
  sessionOf(c)?.setCache({ _data: {}, _expire: null, _delete: false, _accessed: null }, true)
}

export function signIn(c: Context, { token, user }: Login): void {
  clearSession(c)
  const session = sessionOf(c)
  session?.set('token', token)
  session?.set('user', { id: user.id, first_name: user.first_name, is_admin: user.is_admin })
}

export function storeCartCount(c: Context, { items_count }: Pick<Cart, 'items_count'>): void {
  if (items_count !== cartCount(c)) sessionOf(c)?.set('cart_count', items_count)
}

export const cartCount = (c: Context): number => sessionOf(c)?.get('cart_count') ?? 0

/** Shown once, on the next page. */
export const flash = (c: Context, message: Flash): void => sessionOf(c)?.flash('flash', message)

// Writing the cookie at each request would cost each page a header; once past half of its life is enough.
function extend(session: Session<Content> | undefined): void {
  const expires = session?.getCache()._expire
  if (expires && Date.parse(expires) - Date.now() < (lifeSeconds * 1000) / 2) session?.touch()
}
