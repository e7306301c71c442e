import type { Context } from 'hono'
import { originOf } from './origin'
import { localPath, routes } from './routes'

const accountPaths: ReadonlySet<string> = new Set([routes.login, routes.register, routes.logout])

/** The path of the `Referer` header; `undefined` for other sites and for the account pages. */
export function refererPath(c: Context): string | undefined {
  const from = URL.parse(c.req.header('referer') ?? '')
  if (!from || accountPaths.has(from.pathname)) return undefined
  const hosts = [originOf(c), c.req.url].map((url) => new URL(url).host)
  if (!hosts.includes(from.host)) return undefined
  return localPath(from.pathname + from.search)
}
