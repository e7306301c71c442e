import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { retryAfterS } from '../../../src/problem'
import { currentTiming } from '../../../src/server-timing'
import { refusesCookies } from '../cookie-check'
import { languageHeaders, messagesOf, pageAddress } from '../language'
import { type Messages, MessagesContext } from '../messages/messages'
import { originOf } from '../origin'
import { cartCount, type Flash, sessionOf, shopperOf } from '../session'
import { Layout, type LayoutProps } from './layout'
import { MemoizedHtml } from './memoize'
import type { Seo } from './meta'
import { visitorKey } from './navigation'
import { withPageKey } from './page-key'

export interface PageOptions {
  title: string
  status?: ContentfulStatusCode
  scripts?: string[]
  /** For search engines; without it they leave the page out. */
  seo?: Seo
  /** Memoizes the whole page. For pages with many requests; their address is their path alone. */
  isMemoized?: boolean
  /** Seconds to wait after a 429 or 503. */
  retryAfter?: number | undefined
  /** Where the switch of languages links to, when it is not this page. */
  address?: string
}

const defaultRetryAfter = (status: number) => (status === 503 ? retryAfterS : undefined)

/** The response with a whole page: the visitor's navigation, the flash message of the session, and `body`. */
export function page(c: Context, options: PageOptions, body: Child): Response {
  const { title, status = 200, scripts, seo, isMemoized, address, retryAfter = defaultRetryAfter(status) } = options
  const messages = messagesOf(c)
  const { path } = c.req
  const visitor = { user: shopperOf(c)?.user, cartCount: cartCount(c), path }
  const flash = flashOf(c, messages)
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  const here = address ?? (isMemoized ? path : pageAddress(c))
  const props = { title, visitor, flash, scripts, seo, origin: originOf(c), address: here, children: body }
  const html = isMemoized ? renderMemoized(messages, props) : renderDocument(messages, props)
  return c.html(visitor.user ? withPageKey(html) : html, status, { ...noStore, ...languageHeaders(messages) })
}

function flashOf(c: Context, { flash }: Messages): Flash | undefined {
  if (refusesCookies(c)) return { kind: 'error', text: flash.cookiesRefused }
  return sessionOf(c)?.get('flash') ?? undefined
}

// A page has personal data: neither a proxy nor the browser may store it.
const noStore = { 'Cache-Control': 'no-store' }

// A flash message and the timing badge belong to one request: such a page is not memoized.
function renderMemoized(messages: Messages, props: LayoutProps): string {
  const { title, visitor, flash, scripts = [], origin, children: body } = props
  if (!(body instanceof MemoizedHtml) || flash || currentTiming()) return renderDocument(messages, props)
  return body.memoizePage([title, ...scripts, origin, visitorKey(visitor)].join(' '), () =>
    renderDocument(messages, props),
  )
}

/** The HTML of a whole page. */
export const renderDocument = (messages: Messages, props: LayoutProps): string =>
  `<!doctype html>${(
    <MessagesContext.Provider value={messages}>
      <Layout {...props} />
    </MessagesContext.Provider>
  )}`
