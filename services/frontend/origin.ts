import type { Context, MiddlewareHandler } from 'hono'
import { type ExternalOriginOptions, externalOrigin } from '../../src/external-origin'

/** Provides the origin that browsers see to handlers. */
export function externalOrigins(options: ExternalOriginOptions): MiddlewareHandler {
  return function externalOrigins(c, next) {
    // Most pages do not need it.
    c.set('externalOrigin', () => externalOrigin(c, options))
    return next()
  }
}

/** Whether an address of a page, such as that of `Referer`, belongs to this shop. */
export const isOwnHost = (c: Context, { host }: URL): boolean =>
  [originOf(c), c.req.url].some((url) => URL.parse(url)?.host === host)

/** The origin that browsers see, such as `https://shop.example`. For absolute links and for comparing with `Origin`. */
export const originOf = (c: Context): string => c.get('externalOrigin')?.() ?? URL.parse(c.req.url)?.origin ?? ''
