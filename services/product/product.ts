import type { products } from './schema'

export interface Product {
  id: string
  slug: string
  name: string
  description: string
  price_cents: number
  image: string
  stock: number
}

export function toProduct(row: typeof products.$inferSelect): Product {
  const { id, slug, name, description, image, stock, priceCents } = row
  return { id, slug, name, description, image, stock, price_cents: priceCents }
}
