import { jsonOrThrow } from '../../../src/service-client'
import type { FrontendContext, Product } from '../context'

/** The products of a row, and the ids to request for it: more, because some may be sold out or withdrawn. */
export const rowSize = 4
export const rankedLimit = 12

/** The first products of a ranking that can be bought. @throws DomainError `UNAVAILABLE` */
export async function findOnSale({ products }: Pick<FrontendContext, 'products'>, ids: string[]): Promise<Product[]> {
  if (ids.length === 0) return []
  const { items } = await jsonOrThrow(products.api.products.batch.$get({ query: { ids: ids.join(',') } }))
  const byId = new Map(items.map((product) => [product.id, product]))
  return ids
    .flatMap((id) => byId.get(id) ?? [])
    .filter(({ stock }) => stock > 0)
    .slice(0, rowSize)
}
