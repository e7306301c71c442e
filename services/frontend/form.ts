import type { Context, MiddlewareHandler } from 'hono'
import { csrf } from 'hono/csrf'
import { DomainError } from '../../src/problem'
import { originOf } from './origin'

// A proxy that ends TLS changes the origin of the request, and older browsers send no `Sec-Fetch-Site`.
const checkOrigin = csrf({
  origin: (origin, c) => origin === originOf(c) || origin === URL.parse(c.req.url)?.origin,
})

/** Rejects a POST that is not a form of our own pages. */
export const requireSameOriginForm: MiddlewareHandler = function requireSameOriginForm(c, next) {
  if (c.req.method !== 'POST') return next()
  const type = c.req.raw.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) throw new DomainError('UNSUPPORTED_MEDIA_TYPE')
  return checkOrigin(c, next)
}

/** The fields of a form. The last value of a repeated field wins. */
export async function readForm(c: Context): Promise<Record<string, string | undefined>> {
  return Object.fromEntries(new URLSearchParams(await c.req.text()))
}

/** The integer in a field; `undefined` for other text or outside `min` and `max`. */
export function parseInteger(text: string | undefined, min: number, max: number): number | undefined {
  if (!text || !/^\d{1,12}$/.test(text.trim())) return undefined
  const number = Number(text)
  return number >= min && number <= max ? number : undefined
}

/** The key of a form, which stays the same for each retry; `undefined` for a form without a valid one. */
export function idempotencyKeyOf({ idempotency_key: key }: Record<string, string | undefined>): string | undefined {
  return key && /^[\x21-\x7e]{8,60}$/.test(key) ? key : undefined
}

/** A value that is safe as a path segment. @throws DomainError with `code` for other values */
export function pathSegment(text: string | undefined, code: string): string {
  if (!text || !/^[\w-]{1,100}$/.test(text)) throw new DomainError(code)
  return text
}
