import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { currentTiming } from '../../../src/server-timing'
import { cartCount, sessionOf, shopperOf } from '../session'
import { Layout, type LayoutProps } from './layout'
import { MemoizedHtml } from './memoize'
import { visitorKey } from './navigation'

export interface PageOptions {
  title: string
  status?: ContentfulStatusCode
  scripts?: string[]
  /** Whether many ask for just this page, so that it is worth keeping whole. */
  isMemoized?: boolean
}

/** Seconds that a client is asked to wait after a 503. */
export const retryAfter = '5'

/** Answers a whole page: navigation as the visitor's session says, the waiting flash message, and `body`. */
export function page(c: Context, { title, status = 200, scripts, isMemoized }: PageOptions, body: Child): Response {
  const visitor = { isSignedIn: shopperOf(c) !== undefined, cartCount: cartCount(c), path: c.req.path }
  const flash = sessionOf(c)?.get('flash') ?? undefined
  // A page names its visitor: neither a proxy nor the next person at this computer should find it again.
  c.header('Cache-Control', 'no-store')
  if (status === 503) c.header('Retry-After', retryAfter)
  const shown = { title, visitor, flash, scripts, children: body }
  return c.html(isMemoized ? lasting(shown) : renderDocument(shown), status)
}

// Where nothing is this request's alone, it is the page that the last such visitor got.
function lasting(props: LayoutProps): string {
  const { title, visitor, flash, scripts = [], children: body } = props
  if (!(body instanceof MemoizedHtml) || flash || currentTiming()) return renderDocument(props)
  return body.memoizePage([title, ...scripts, visitorKey(visitor)].join(' '), () => renderDocument(props))
}

/** A whole page as text. */
export const renderDocument = (props: LayoutProps): string => `<!doctype html>${<Layout {...props} />}`
