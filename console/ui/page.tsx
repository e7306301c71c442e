import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Store } from '../store'
import { Layout, type LiveSource, type LiveTrace } from './layout'
import { localeOf } from './locale'

export interface PageOptions {
  title: string
  /** The current entry of the navigation. */
  activePage: string
  /** Data that makes the page stale when it arrives. */
  live?: LiveSource[]
  /** The page also refreshes after this time. */
  refreshSeconds?: number
  /** The trace of the page. The page refreshes when it grows, and restores the reader's position. */
  liveTrace?: LiveTrace
  scripts?: string[]
  status?: ContentfulStatusCode
  /** The URL to load after a second, because the data can still arrive. */
  retryUrl?: string | undefined
}

/** Renders a page to a response. */
export function page(c: Context, store: Store, { status = 200, ...options }: PageOptions, body: Child): Response {
  c.header('Cache-Control', 'no-store')
  const layout = (
    <Layout {...options} locale={localeOf(c)} store={store} url={c.req.url}>
      {body}
    </Layout>
  )
  return c.html(`<!doctype html>${layout}`, status)
}
