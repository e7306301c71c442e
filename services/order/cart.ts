/** A product in an order. */
export interface LineItem {
  product_id: string
  slug: string
  name: string
  image: string
  unit_price_cents: number
  quantity: number
  line_total_cents: number
}

/** A product in a cart. */
export interface CartItem extends LineItem {
  /** Pieces in stock now: 0 when sold out or withdrawn, `null` while product-service is unavailable. */
  available: number | null
}

export interface Cart {
  /** `null` until the first item opens the cart. A checkout that names it pays no other cart. */
  id: string | null
  items: CartItem[]
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

export const toCart = (id: string | undefined, items: (StoredItem & { available: number | null })[]): Cart => ({
  id: id ?? null,
  items: items.map((item) => ({ ...toLineItem(item), available: item.available })),
  total_cents: totalOf(items),
  items_count: items.reduce((sum, { quantity }) => sum + quantity, 0),
})

export const totalOf = (items: { unitPriceCents: number; quantity: number }[]): number =>
  items.reduce((sum, { unitPriceCents, quantity }) => sum + unitPriceCents * quantity, 0)
