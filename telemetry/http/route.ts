import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { RouterRoute } from 'hono/types'
import { findTargetHandler, isMiddleware } from 'hono/utils/handler'

/** The routes that match a request, middleware among them, in their order. */
export const routesOf = (c: Context): RouterRoute[] => matchedRoutes(c)

/**
 * The template of the route that answers, or would have answered had no middleware before it done so; `undefined` where
 * none matches. Before `next()` it is the first that may answer.
 * @param byHand whether the answer was not made through hono's context: then a mounted app may have made it.
 */
export function routeOf(c: Context, routes: RouterRoute[], byHand = false): string | undefined {
  let passing: string | undefined
  for (let at = c.req.routeIndex; at < routes.length; at++) {
    const { method, path, handler } = routes[at] as RouterRoute
    // Only handlers take no `next`.
    if (!isMiddleware(findTargetHandler(handler))) return path
    // `use()` registers for ALL methods; what stands at one of them may be a handler with a parameter too many.
    if (method !== 'ALL') passing ??= path
  }
  if (passing !== undefined) return c.finalized && c.res.status === 404 ? undefined : passing
  return byHand && c.res.status !== 404 ? mountOf(routes[c.req.routeIndex]?.path) : undefined
}

// An unmatched address is not a route of its own.
const mountOf = (path: string | undefined) => (path === '/*' || path === '*' ? undefined : path)
