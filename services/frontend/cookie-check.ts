import type { Context, MiddlewareHandler } from 'hono'
import { localPathOf, routes } from './routes'

const parameter = 'cookies'

/**
 * Finds out whether the browser stores cookies. A form's first cookie marks the address that it redirects to: if the browser
 * follows without a cookie, that page reports it; otherwise the mark is removed.
 */
export const checkCookies: MiddlewareHandler = async function checkCookies(c, next) {
  const hasCookies = c.req.header('cookie') !== undefined
  if (c.req.method !== 'POST') return hasCookies && isMarked(c) ? c.redirect(unmarked(c), 303) : next()
  await next()
  const location = c.res.headers.get('location')
  if (hasCookies || !location || !c.res.headers.has('set-cookie') || !isBrowser(c)) return
  const [address = '', fragment] = location.split('#')
  const marked = `${address}${address.includes('?') ? '&' : '?'}${parameter}=1`
  c.res.headers.set('location', fragment === undefined ? marked : `${marked}#${fragment}`)
}

/** Whether the visitor has just submitted a form whose result their browser could not store. */
export const refusesCookies = (c: Context): boolean => isMarked(c) && c.req.header('cookie') === undefined

/** Removes the mark from the parameters of an address. */
export const removeMark = (search: URLSearchParams): void => search.delete(parameter)

const isMarked = (c: Context) => c.req.query(parameter) === '1'

// `//host/` is a path here, and another site in `Location`.
function unmarked(c: Context): string {
  const here = URL.parse(c.req.url)
  if (!here) return routes.home
  removeMark(here.searchParams)
  return localPathOf(here) ?? routes.home
}

// Scripts may leave out cookies on purpose. Browsers send one of these, the first over HTTPS and to this machine.
const isBrowser = (c: Context) =>
  c.req.header('sec-fetch-mode') === 'navigate' || c.req.header('upgrade-insecure-requests') === '1'
