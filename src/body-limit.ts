import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'

/** Hono's `bodyLimit`, skipped for GET and HEAD: it would create the request's body stream to look for a body. */
export function limitBody(maxBytes: number, onError: () => never): MiddlewareHandler {
  const limit = bodyLimit({ maxSize: maxBytes, onError })
  return function limitBody(c, next) {
    const { method } = c.req.raw
    return method === 'GET' || method === 'HEAD' ? next() : limit(c, next)
  }
}
