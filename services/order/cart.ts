/** A product in a cart or an order. */
export interface LineItem {
  product_id: string
  slug: string
  name: string
  image: string
  unit_price_cents: number
  quantity: number
  line_total_cents: number
}

export interface Cart {
  items: LineItem[]
  total_cents: number
  items_count: number
}

interface StoredItem {
  productId: string
  slug: string
  name: string
  image: string
  unitPriceCents: number
  quantity: number
}

export function toLineItem({ productId, slug, name, image, unitPriceCents, quantity }: StoredItem): LineItem {
  return {
    product_id: productId,
    slug,
    name,
    image,
    unit_price_cents: unitPriceCents,
    quantity,
    line_total_cents: unitPriceCents * quantity,
  }
}

export const toCart = (items: StoredItem[]): Cart => ({
  items: items.map(toLineItem),
  total_cents: totalOf(items),
  items_count: items.reduce((sum, { quantity }) => sum + quantity, 0),
})

export const totalOf = (items: { unitPriceCents: number; quantity: number }[]): number =>
  items.reduce((sum, { unitPriceCents, quantity }) => sum + unitPriceCents * quantity, 0)
