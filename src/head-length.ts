import type { Context, MiddlewareHandler } from 'hono'

/**
 * Gives a response to HEAD the `Content-Length` of GET: the server would send 0 for the body that Hono removes. It wraps
 * another middleware, because the call of a middleware costs as much as its work here. Source: RFC 9110, section 8.6.
 */
export function withHeadLength(middleware: MiddlewareHandler): MiddlewareHandler {
  return function headLength(c, next) {
    return c.req.raw.method === 'HEAD' ? middleware(c, () => next().then(() => setLength(c))) : middleware(c, next)
  }
}

async function setLength(c: Context): Promise<void> {
  const { byteLength } = await c.res.clone().arrayBuffer()
  c.header('Content-Length', String(byteLength))
}
