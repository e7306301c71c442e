import type { MiddlewareHandler } from 'hono'

const ownHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Lets in only what was meant for this machine: a page of somebody else's, open in the same browser, could otherwise read
 * what is received here (DNS rebinding), or send into it.
 */
export const requireLocalhost: MiddlewareHandler = async function guard(c, next) {
  const host = hostOf(`http://${c.req.header('host') ?? ''}`)
  if (!ownHosts.has(host)) {
    return c.text(`The console answers on this machine only: http://localhost, not ${host || 'no host'}.\n`, 403)
  }
  const origin = c.req.header('origin')
  if (origin !== undefined && !ownHosts.has(hostOf(origin))) {
    return c.text('Pages of other sites can’t ask the console.\n', 403)
  }
  await next()
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? ''
}
