import { AsyncLocalStorage } from 'node:async_hooks'
import { isIP } from 'node:net'
import type { Context } from 'hono'

/** Passes the address of the shopper's client to another service. Trusted only with the service key. */
export const clientAddressHeader = 'X-Client-Address'

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
  const addresses = hops.filter(Boolean).map(addressOf)
  // What is no address, such as `unknown`, counts as the proxy: it must not be a new client for each request.
  return addresses.findLast((address) => address === undefined || !trustedProxies.has(address)) ?? socket
}

/** The address of a hop that a proxy wrote as `203.0.113.9`, `203.0.113.9:4711`, `::ffff:203.0.113.9` or `[2001:db8::1]:4711`. */
function addressOf(hop: string): string | undefined {
  const [, inBrackets, beforePort] = /^(?:\[([^\]]+)\](?::\d+)?|([^:]+):\d+)$/.exec(hop) ?? []
  const address = (inBrackets ?? beforePort ?? hop).replace(ipv4InIpv6, '')
  return isIP(address) ? address : undefined
}

const ipv4InIpv6 = /^::ffff:(?=[\d.]+$)/i

const currentAddress = new AsyncLocalStorage<() => string | undefined>()

/** Runs `work` for a client with the address that `find` returns. Calls to other services pass it on. */
export function withClientAddress<T>(find: () => string | undefined, work: () => T): T {
  return currentAddress.run(find, work)
}

/** The IP address of the client that caused the current request, through however many services; `undefined` if unknown. */
export const currentClientAddress = (): string | undefined => currentAddress.getStore()?.()

/** The address that another service passed on. */
export function forwardedClientAddress(request: Request): string | undefined {
  return addressOf(request.headers.get(clientAddressHeader) ?? '')
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
  return (c.env as BunServer | undefined)?.requestIP?.(c.req.raw)?.address.replace(ipv4InIpv6, '')
}
