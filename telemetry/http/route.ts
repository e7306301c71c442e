import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { RouterRoute } from 'hono/types'
import { findTargetHandler, isMiddleware } from 'hono/utils/handler'

/** The routes that match a request, including middleware, in order. */
export const routesOf = (c: Context): RouterRoute[] => matchedRoutes(c)

/**
 * The template of the route that handles a request, even if a middleware before it responds; `undefined` if none matches.
 * Before `next()` it is the first route that may respond.
 * @param isDirectResponse whether the response was not created with Hono's context: then it may come from a mounted app.
 */
export function routeOf(c: Context, routes: RouterRoute[], isDirectResponse = false): string | undefined {
  let middlewareRoute: string | undefined
  for (let index = c.req.routeIndex; index < routes.length; index++) {
    const { method, path, handler } = routes[index] as RouterRoute
    // Handlers have no `next` parameter.
    if (!isMiddleware(findTargetHandler(handler))) return path
    // `use()` registers for ALL methods; a function for one method may be a handler with a superfluous parameter.
    if (method !== 'ALL') middlewareRoute ??= path
  }
  if (middlewareRoute !== undefined) return c.finalized && c.res.status === 404 ? undefined : middlewareRoute
  return isDirectResponse && c.res.status !== 404 ? mountOf(routes[c.req.routeIndex]?.path) : undefined
}

// `/*` matches every path: it says nothing about the route.
const mountOf = (path: string | undefined) => (path === '/*' || path === '*' ? undefined : path)
