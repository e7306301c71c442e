import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { retryAfterS } from '../../../src/problem'
import { currentTiming } from '../../../src/server-timing'
import { languageHeaders, messagesOf, pageAddress } from '../language'
import { type Messages, MessagesContext } from '../messages/messages'
import { cartCount, sessionOf, shopperOf } from '../session'
import { Layout, type LayoutProps } from './layout'
import { MemoizedHtml } from './memoize'
import { visitorKey } from './navigation'

export interface PageOptions {
  title: string
  status?: ContentfulStatusCode
  scripts?: string[]
  /** Memoizes the whole page. For pages with many requests; their address is their path alone. */
  isMemoized?: boolean
  /** Where the switch of languages links to, when it is not this page. */
  address?: string
}

/** The response with a whole page: the visitor's navigation, the flash message of the session, and `body`. */
export function page(
  c: Context,
  { title, status = 200, scripts, isMemoized, address }: PageOptions,
  body: Child,
): Response {
  const messages = messagesOf(c)
  const { path } = c.req
  const visitor = { isSignedIn: shopperOf(c) !== undefined, cartCount: cartCount(c), path }
  const flash = sessionOf(c)?.get('flash') ?? undefined
  if (status === 503) c.header('Retry-After', String(retryAfterS))
  const here = address ?? (isMemoized ? path : pageAddress(c))
  const props = { title, visitor, flash, scripts, address: here, children: body }
  const html = isMemoized ? renderMemoized(messages, props) : renderDocument(messages, props)
  return c.html(html, status, { ...noStore, ...languageHeaders(messages) })
}

// A page has personal data: neither a proxy nor the browser may store it.
const noStore = { 'Cache-Control': 'no-store' }

// A flash message and the timing badge belong to one request: such a page is not memoized.
function renderMemoized(messages: Messages, props: LayoutProps): string {
  const { title, visitor, flash, scripts = [], children: body } = props
  if (!(body instanceof MemoizedHtml) || flash || currentTiming()) return renderDocument(messages, props)
  return body.memoizePage([title, ...scripts, visitorKey(visitor)].join(' '), () => renderDocument(messages, props))
}

/** The HTML of a whole page. */
export const renderDocument = (messages: Messages, props: LayoutProps): string =>
  `<!doctype html>${(
    <MessagesContext.Provider value={messages}>
      <Layout {...props} />
    </MessagesContext.Provider>
  )}`
