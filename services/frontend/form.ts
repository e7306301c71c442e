import type { Context, MiddlewareHandler } from 'hono'
import { csrf } from 'hono/csrf'
import { DomainError } from '../../src/problem'

const checkOrigin = csrf()

/** Lets a POST pass only as a form of our own pages. */
export const requireSameOriginForm: MiddlewareHandler = function ownForms(c, next) {
  if (c.req.method !== 'POST') return next()
  const type = c.req.raw.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) throw new DomainError('UNSUPPORTED_MEDIA_TYPE')
  return checkOrigin(c, next)
}

/** The fields of a form; of those that come twice, the last. */
export async function readForm(c: Context): Promise<Record<string, string | undefined>> {
  return Object.fromEntries(new URLSearchParams(await c.req.text()))
}

/** The number that a field holds, if it is a whole one within these bounds. */
export function parseInteger(text: string | undefined, min: number, max: number): number | undefined {
  if (!text || !/^\d{1,12}$/.test(text.trim())) return undefined
  const number = Number(text)
  return number >= min && number <= max ? number : undefined
}

/** A value that may stand in a path as it is; another has no page. @throws DomainError with `code` */
export function pathSegment(text: string | undefined, code: string): string {
  if (!text || !/^[\w-]{1,100}$/.test(text)) throw new DomainError(code)
  return text
}
