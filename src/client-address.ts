import { isIP } from 'node:net'
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

/**
 * What counts as one client in rate limits: an IPv4 address, or the first 64 bits of an IPv6 address, because a subscriber
 * has all addresses of such a network.
 */
export function clientKey(address: string): string {
  if (isIP(address) !== 6) return address
  // The URL parser writes every spelling of an address in the same short form.
  const [head = '', tail] = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1).split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  const all = [...groups, ...Array<string>(missing).fill('0'), ...(tail ? tail.split(':') : [])]
  return `${all.slice(0, 4).join(':')}::/64`
}

/** Whether a trusted proxy sent the request, so that its `X-Forwarded-*` headers can be trusted. */
export function isFromTrustedProxy(c: Context, trustedProxies: ReadonlySet<string>): boolean {
  return trustedProxies.size > 0 && trustedProxies.has(socketAddress(c) ?? '')
}

function socketAddress(c: Context): string | undefined {
  return (c.env as BunServer | undefined)?.requestIP?.(c.req.raw)?.address.replace(/^::ffff:/i, '')
}
