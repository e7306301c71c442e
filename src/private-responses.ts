import type { Context, Next } from 'hono'

/**
 * No response of a JSON service is stored or sniffed, unless its handler sets other headers: `jsonWithEtag` for public ones.
 * Source: RFC 9111, section 5.2.2.5.
 */
export function privateResponses(c: Context, next: Next): Promise<void> {
  c.header('Cache-Control', 'no-store')
  c.header('X-Content-Type-Options', 'nosniff')
  return next()
}
