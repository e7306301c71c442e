import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Store } from '../store'
import { Layout, type LiveSource, type LiveTrace } from './layout'
import { localeOf } from './locale'

export interface PageOptions {
  title: string
  /** Which page of the navigation it belongs to. */
  activePage: string
  /** What makes it stale: how many of these came since. */
  live?: LiveSource[]
  /** Seconds after which it is stale in any case. */
  refreshSeconds?: number
  /** Of a page about one trace: it is fetched anew as that grows, and its reader keeps their place. */
  liveTrace?: LiveTrace
  scripts?: string[]
  status?: ContentfulStatusCode
  /** Where to look again in a second: what is asked for is still on its way. */
  retryUrl?: string | undefined
}

/** Answers a whole page. */
export function page(c: Context, store: Store, { status = 200, ...options }: PageOptions, body: Child): Response {
  c.header('Cache-Control', 'no-store')
  const layout = (
    <Layout {...options} locale={localeOf(c)} store={store} url={c.req.url}>
      {body}
    </Layout>
  )
  return c.html(`<!doctype html>${layout}`, status)
}
