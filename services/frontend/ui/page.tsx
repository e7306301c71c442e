import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { cartCount, sessionOf, shopperOf } from '../session'
import { Layout, type LayoutProps } from './layout'

export interface PageOptions {
  title: string
  status?: ContentfulStatusCode
  scripts?: string[]
}

/** Seconds that a client is asked to wait after a 503. */
export const retryAfter = '5'

/** Answers a whole page: navigation as the visitor's session says, the waiting flash message, and `body`. */
export function page(c: Context, { title, status = 200, scripts }: PageOptions, body: Child): Response {
  const visitor = { isSignedIn: shopperOf(c) !== undefined, cartCount: cartCount(c), path: c.req.path }
  const flash = sessionOf(c)?.get('flash') ?? undefined
  // A page names its visitor: neither a proxy nor the next person at this computer should find it again.
  c.header('Cache-Control', 'no-store')
  if (status === 503) c.header('Retry-After', retryAfter)
  return c.html(documentOf({ title, visitor, flash, scripts, children: body }), status)
}

/** A whole page as text. */
export const documentOf = (props: LayoutProps): string => `<!doctype html>${<Layout {...props} />}`
