import type { MiddlewareHandler } from 'hono'
import type { z } from 'zod'

/** The contract of a route beyond its middleware, which has the request schemas, the security and their codes. */
export interface RouteContract {
  /** What the route does, in one line. */
  summary: string
  /** The body for each status of a success; `null` for none. */
  responses: Readonly<Record<number, z.ZodType | null>>
  /** The codes of the refusals that the route's verb throws. */
  codes?: readonly string[]
}

/** The contract of a JSON service, by route: `GET /api/products`. */
export interface ServiceContract {
  title: string
  description: string
  routes: Readonly<Record<string, RouteContract>>
}

/** What a request must carry: a user's token, an administrator's token, or the key of the services. */
export type Security = 'token' | 'admin' | 'service-key'

/** The security of each middleware that requires one, for the OpenAPI document. */
export const securityOf = new WeakMap<object, Security>()

/** Declares what a middleware requires. */
export function secured<M extends MiddlewareHandler>(security: Security, middleware: M): M {
  securityOf.set(middleware, security)
  return middleware
}
