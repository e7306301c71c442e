import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { retryAfterS } from '../../../src/problem'
import { currentTiming } from '../../../src/server-timing'
import { cartCount, sessionOf, shopperOf } from '../session'
import { Layout, type LayoutProps } from './layout'
import { MemoizedHtml } from './memoize'
import { visitorKey } from './navigation'

export interface PageOptions {
  title: string
  status?: ContentfulStatusCode
  scripts?: string[]
  /** Memoizes the whole page. For pages with many requests. */
  isMemoized?: boolean
}

/** The response with a whole page: the visitor's navigation, the flash message of the session, and `body`. */
export function page(c: Context, { title, status = 200, scripts, isMemoized }: PageOptions, body: Child): Response {
  const visitor = { isSignedIn: shopperOf(c) !== undefined, cartCount: cartCount(c), path: c.req.path }
  const flash = sessionOf(c)?.get('flash') ?? undefined
  // A page has personal data: neither a proxy nor the browser may store it.
  c.header('Cache-Control', 'no-store')
  if (status === 503) c.header('Retry-After', String(retryAfterS))
  const props = { title, visitor, flash, scripts, children: body }
  return c.html(isMemoized ? renderMemoized(props) : renderDocument(props), status)
}

// A flash message and the timing badge belong to one request: such a page is not memoized.
function renderMemoized(props: LayoutProps): string {
  const { title, visitor, flash, scripts = [], children: body } = props
  if (!(body instanceof MemoizedHtml) || flash || currentTiming()) return renderDocument(props)
  return body.memoizePage([title, ...scripts, visitorKey(visitor)].join(' '), () => renderDocument(props))
}

/** The HTML of a whole page. */
export const renderDocument = (props: LayoutProps): string => `<!doctype html>${<Layout {...props} />}`
