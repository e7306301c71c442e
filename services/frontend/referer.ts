import type { Context } from 'hono'
import { removeMark } from './cookie-check'
import { isOwnHost } from './origin'
import { localPathOf, routes } from './routes'

const accountPaths: ReadonlySet<string> = new Set([routes.login, routes.register, routes.logout])

/** The path of the `Referer` header; `undefined` for other sites and for the account pages. */
export function refererPath(c: Context): string | undefined {
  const from = URL.parse(c.req.header('referer') ?? '')
  if (!from || !isOwnHost(c, from) || accountPaths.has(from.pathname)) return undefined
  removeMark(from.searchParams)
  return localPathOf(from)
}
