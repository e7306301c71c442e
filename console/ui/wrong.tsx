import type { Context } from 'hono'
import type { Store } from '../store'
import { page } from './page'
import { viewOf } from './view'

/** What is at no address. */
export function notFound(store: Store) {
  return (c: Context): Response => {
    const { text } = viewOf(c)
    return page(c, store, { title: text.notFound, at: '', status: 404 }, <p>{text.notFoundAdvice}</p>)
  }
}

/** What should not happen: told in the terminal, not on the page. */
export function failed(store: Store) {
  return (error: Error, c: Context): Response => {
    process.stderr.write(`console: ${c.req.method} ${c.req.path}: ${error.stack ?? error.message}\n`)
    const { text } = viewOf(c)
    if (c.req.path.startsWith('/v1/'))
      return c.json({ code: 13, message: 'the console failed; its terminal says why' }, 500)
    return page(c, store, { title: text.failed, at: '', status: 500 }, <p>{text.failedAdvice}</p>)
  }
}
