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
  for (let at = c.req.routeIndex; at < routes.length; at++) {
    const route = routes[at] as RouterRoute
    // `use()` registers for ALL methods, as `all()` does, and only handlers take no `next`.
    if (route.method !== 'ALL' || !isMiddleware(findTargetHandler(route.handler))) return route.path
  }
  return byHand && c.res.status !== 404 ? routes[c.req.routeIndex]?.path : undefined
}
