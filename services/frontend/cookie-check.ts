import type { Context, MiddlewareHandler } from 'hono'

const parameter = 'cookies'

/**
 * Finds out whether the browser stores cookies. A form's first cookie marks the address that it redirects to: if the browser
 * follows without a cookie, that page says so, and otherwise the mark is removed.
 */
export const checkCookies: MiddlewareHandler = async function checkCookies(c, next) {
  const hasCookies = c.req.header('cookie') !== undefined
  if (c.req.method !== 'POST') return hasCookies && isMarked(c) ? c.redirect(unmarked(c), 303) : next()
  await next()
  const location = c.res.headers.get('location')
  if (hasCookies || !location || !c.res.headers.has('set-cookie') || !isBrowser(c)) return
  c.res.headers.set('location', `${location}${location.includes('?') ? '&' : '?'}${parameter}=1`)
}

/** Whether the visitor has just submitted a form whose result their browser could not store. */
export const refusesCookies = (c: Context): boolean => isMarked(c) && c.req.header('cookie') === undefined

/** Removes the mark from the parameters of an address. */
export const removeMark = (search: URLSearchParams): void => search.delete(parameter)

const isMarked = (c: Context) => c.req.query(parameter) === '1'

function unmarked(c: Context): string {
  const { pathname, searchParams } = new URL(c.req.url)
  removeMark(searchParams)
  return searchParams.size > 0 ? `${pathname}?${searchParams}` : pathname
}

// Scripts may leave out cookies on purpose. Browsers send one of these, the first over HTTPS and to this machine.
const isBrowser = (c: Context) =>
  c.req.header('sec-fetch-mode') === 'navigate' || c.req.header('upgrade-insecure-requests') === '1'
