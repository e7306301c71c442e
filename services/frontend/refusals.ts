import type { Refusals } from '../../src/problem'

/** The storefront's own problem codes. messages/fr/problems.ts has the texts of their pages. */
export const refusals = {
  NO_SUCH_PRODUCT: [404, 'There is no such product'],
  INVALID_SEARCH: [400, 'The search, its order or its cursor is not valid'],
  NO_SUCH_ORDER: [404, 'There is no such order'],
  CATALOG_UNAVAILABLE: [503, 'The catalog is not available now'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'The body must be a form, with content-type application/x-www-form-urlencoded'],
  TOO_MANY_REQUESTS: [429, 'Too many requests'],
} as const satisfies Refusals
