import type { Context } from 'hono'

interface BunServer {
  requestIP?(request: Request): { address: string } | null
}

/**
 * The client's IP address. It is the socket's address; behind a trusted proxy it is the last address in
 * `X-Forwarded-For` that is not a trusted proxy. `undefined` without a socket (tests).
 */
export function clientAddress(c: Context, trustedProxies: ReadonlySet<string>): string | undefined {
  const socket = socketAddress(c)
  if (!isFromTrustedProxy(c, trustedProxies)) return socket
  const hops = (c.req.raw.headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  return hops.findLast((hop) => hop !== '' && !trustedProxies.has(hop)) ?? socket
}

/** Whether a trusted proxy sent the request, so that its `X-Forwarded-*` headers can be trusted. */
export function isFromTrustedProxy(c: Context, trustedProxies: ReadonlySet<string>): boolean {
  return trustedProxies.size > 0 && trustedProxies.has(socketAddress(c) ?? '')
}

function socketAddress(c: Context): string | undefined {
  return (c.env as BunServer | undefined)?.requestIP?.(c.req.raw)?.address.replace(/^::ffff:/i, '')
}
