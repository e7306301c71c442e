import type { MiddlewareHandler } from 'hono'

const ownHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Refuses requests with a foreign `Host` or `Origin`. Otherwise a page of another site in the same browser could read the
 * telemetry by DNS rebinding, or send some.
 */
export const requireLocalhost: MiddlewareHandler = async function requireLocalhost(c, next) {
  const host = hostOf(`http://${c.req.header('host') ?? ''}`)
  if (!ownHosts.has(host)) {
    return c.text(`The console serves http://localhost only, and the host is ${host || 'missing'}.\n`, 403)
  }
  const origin = c.req.header('origin')
  if (origin !== undefined && !ownHosts.has(hostOf(origin))) {
    return c.text('The console refuses requests from pages of other sites.\n', 403)
  }
  await next()
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? ''
}
