import type { Context } from 'hono'
import { localPath, routes } from './routes'

const noReturn: ReadonlySet<string> = new Set([routes.login, routes.register, routes.logout])

/** The page of this shop on which a link was followed or a form sent, as the browser says; none for another site. */
export function refererPath(c: Context): string | undefined {
  const from = URL.parse(c.req.header('referer') ?? '')
  if (!from || from.host !== new URL(c.req.url).host || noReturn.has(from.pathname)) return undefined
  return localPath(from.pathname + from.search)
}
