import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'

/** hono's `bodyLimit`, which would look for a body where there is none: most requests bring nothing. */
export function limitBody(maxBytes: number, onError: () => never): MiddlewareHandler {
  const limit = bodyLimit({ maxSize: maxBytes, onError })
  return function limitBody(c, next) {
    const { method } = c.req.raw
    return method === 'GET' || method === 'HEAD' ? next() : limit(c, next)
  }
}
