/** One line of a cart or an order. */
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

interface StoredLine {
  productId: string
  slug: string
  name: string
  image: string
  unitPriceCents: number
  quantity: number
}

/** The most pieces of one product, and the most products, that a cart takes. */
export const cartLimits = { quantity: 99, lineItems: 100 }

export function toLineItem({ productId, slug, name, image, unitPriceCents, quantity }: StoredLine): LineItem {
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

export const toCart = (lines: StoredLine[]): Cart => ({
  items: lines.map(toLineItem),
  total_cents: totalOf(lines),
  items_count: lines.reduce((sum, { quantity }) => sum + quantity, 0),
})

export const totalOf = (lines: { unitPriceCents: number; quantity: number }[]): number =>
  lines.reduce((sum, { unitPriceCents, quantity }) => sum + unitPriceCents * quantity, 0)
