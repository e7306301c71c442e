import type { Context } from 'hono'
import { routes } from '../routes'

export const sorts = ['newest', 'name', 'price', '-price'] as const
export type Sort = (typeof sorts)[number]

/** What a visitor looks for: the values of the form, which product-service checks. */
export interface CatalogQuery {
  q?: string | undefined
  sort?: Sort | undefined
  cursor?: string | undefined
}

/** The query of a request. An empty field of the form is none. */
export const catalogQueryOf = (c: Context): CatalogQuery => ({
  q: c.req.query('q')?.trim() || undefined,
  sort: (c.req.query('sort') as Sort | '') || undefined,
  cursor: c.req.query('cursor') || undefined,
})

/** The address of the products that match. */
export function productsPath(query: CatalogQuery): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length === 0 ? routes.products : `${routes.products}?${new URLSearchParams(given)}`
}
