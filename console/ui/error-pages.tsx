import type { Context } from 'hono'
import type { Store } from '../store'
import { localeOf } from './locale'
import { page } from './page'

/** The page for unknown paths. */
export function notFoundPage(store: Store) {
  return (c: Context): Response => {
    const { messages } = localeOf(c)
    return page(c, store, { title: messages.notFound, activePage: '', status: 404 }, <p>{messages.notFoundAdvice}</p>)
  }
}

/** The page for unexpected errors. Their details are only on standard error. */
export function errorPage(store: Store) {
  return (error: Error, c: Context): Response => {
    process.stderr.write(`console: ${c.req.method} ${c.req.path}: ${error.stack ?? error.message}\n`)
    const { messages } = localeOf(c)
    if (c.req.path.startsWith('/v1/'))
      return c.json({ code: 13, message: 'the console failed: see its standard error output' }, 500)
    return page(c, store, { title: messages.failed, activePage: '', status: 500 }, <p>{messages.failedAdvice}</p>)
  }
}
