import { getTableColumns } from 'drizzle-orm'
import { z } from 'zod'
import { products } from './schema'

/** A product in the API. */
export const product = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    price_cents: z.int(),
    image: z.string(),
    stock: z.int(),
  })
  .meta({ id: 'Product' })

export type Product = z.infer<typeof product>

// The columns for search are as long as the rest of the row, and only the database reads them.
const { searchText: _text, sortName: _name, ...columns } = getTableColumns(products)
export const productColumns = columns

export type ProductRow = Pick<typeof products.$inferSelect, keyof typeof productColumns>

export function toProduct(row: ProductRow): Product {
  const { id, slug, name, description, image, stock, priceCents } = row
  return { id, slug, name, description, image, stock, price_cents: priceCents }
}
