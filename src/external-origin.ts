import type { Context } from 'hono'
import { isFromTrustedProxy } from './client-address'

export interface ExternalOriginOptions {
  trustedProxies: ReadonlySet<string>
  /** The setting `PUBLIC_ORIGIN`: it wins over all headers. */
  publicOrigin?: string | undefined
}

/**
 * The origin that browsers see, such as `https://shop.example`: the setting, else what a trusted proxy sends in
 * `X-Forwarded-Proto` and `X-Forwarded-Host`, else that of the request. It is for links and for comparing with `Origin`.
 */
export function externalOrigin(c: Context, { trustedProxies, publicOrigin }: ExternalOriginOptions): string {
  if (publicOrigin) return publicOrigin
  const address = URL.parse(c.req.url)
  // A request with an invalid `Host` has no origin.
  if (!address) return ''
  const { protocol, host, origin } = address
  if (!isFromTrustedProxy(c, trustedProxies)) return origin
  const scheme = lastValue(c, 'x-forwarded-proto')?.toLowerCase() ?? protocol.slice(0, -1)
  const forwarded = `${scheme}://${lastValue(c, 'x-forwarded-host') ?? host}`
  const isWebOrigin = /^https?:\/\/[^/?#@\\]+$/.test(forwarded) && URL.canParse(forwarded)
  return isWebOrigin ? new URL(forwarded).origin : origin
}

/** Whether browsers reach this service over HTTPS. */
export function isExternallyHttps(c: Context, { trustedProxies, publicOrigin }: ExternalOriginOptions): boolean {
  if (publicOrigin) return publicOrigin.startsWith('https:')
  if (isFromTrustedProxy(c, trustedProxies)) {
    const scheme = lastValue(c, 'x-forwarded-proto')?.toLowerCase()
    if (scheme) return scheme === 'https'
  }
  return c.req.url.startsWith('https:')
}

// Proxies append. What the nearest one wrote is the last value; earlier ones can come from the client.
function lastValue(c: Context, header: string): string | undefined {
  return c.req.raw.headers.get(header)?.split(',').at(-1)?.trim() || undefined
}
