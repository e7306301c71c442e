import type { Context, MiddlewareHandler } from 'hono'
import type { CookieOptions } from 'hono/utils/cookie'
import { type Session, sessionMiddleware } from 'hono-sessions'
import { DomainError } from '../../src/problem'
import type { Cart, Login } from './context'
import { SealedCookieStore } from './session-store'

export interface Flash {
  kind: 'success' | 'info' | 'error'
  text: string
  /** Whether to show a link to the cart. */
  to_cart?: boolean
}

/** The signed-in user. */
export interface Shopper {
  token: string
  user: { id: string; first_name: string; is_admin: boolean }
}

/** The cart of a visitor who is not signed in. */
export interface GuestCart {
  /** The idempotency key of its merge into the cart of a user. */
  key: string
  items: [productId: string, quantity: number][]
}

interface Content extends Shopper {
  cart_count: number
  guest_cart: GuestCart
  flash: Flash
  return_to: string
}

export interface SessionsOptions {
  secret: string
  /** Whether the request uses HTTPS. */
  isSecure: (c: Context) => boolean
}

// The same as the idle time of a token in user-service.
const maxAgeSeconds = 12 * 3600

/** Opens the visitor's session for the handlers and stores it when it has changed. */
export function sessions({ secret, isSecure }: SessionsOptions): MiddlewareHandler {
  const createMiddleware = (https: boolean) => {
    const shared: CookieOptions = { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: maxAgeSeconds }
    return sessionMiddleware({
      store: new SealedCookieStore(secret),
      encryptionKey: secret,
      expireAfterSeconds: maxAgeSeconds,
      autoExtendExpiration: false,
      cookieOptions: https ? { ...shared, secure: true, prefix: 'host' } : shared,
    })
  }
  const [https, http] = [createMiddleware(true), createMiddleware(false)]

  return async function session(c, next) {
    const open = isSecure(c) ? https : http
    return open(c, () => {
      extend(sessionOf(c))
      return next()
    })
  }
}

/** The visitor's session; `undefined` when the request failed before the session was opened. */
export const sessionOf = (c: Context): Session<Content> | undefined => c.get('session')

export function shopperOf(c: Context): Shopper | undefined {
  const [token, user] = [sessionOf(c)?.get('token'), sessionOf(c)?.get('user')]
  return token && user ? { token, user } : undefined
}

/** @throws DomainError `UNAUTHENTICATED`, which redirects to the login page */
export function requireShopper(c: Context): Shopper {
  const shopper = shopperOf(c)
  if (!shopper) throw new DomainError('UNAUTHENTICATED')
  return shopper
}

/** @throws DomainError `UNAUTHENTICATED`, and `FORBIDDEN` for a shopper who is no administrator */
export function requireAdmin(c: Context): Shopper {
  const shopper = requireShopper(c)
  if (!shopper.user.is_admin) throw new DomainError('FORBIDDEN')
  return shopper
}

/** Removes all session data. A login starts with it, against session fixation. */
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

/** Shows a message once, on the next page. */
export const flash = (c: Context, message: Flash): void => sessionOf(c)?.flash('flash', message)

// The cookie is extended after half of its lifetime, so that most responses have no Set-Cookie header.
function extend(session: Session<Content> | undefined): void {
  const expires = session?.getCache()._expire
  if (expires && Date.parse(expires) - Date.now() < (maxAgeSeconds * 1000) / 2) session?.touch()
}
