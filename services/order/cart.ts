import { z } from 'zod'

/** A product in an order, in the API. */
export const lineItem = z
  .object({
    product_id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    image: z.string(),
    unit_price_cents: z.int(),
    quantity: z.int(),
    line_total_cents: z.int(),
  })
  .meta({ id: 'LineItem' })

export type LineItem = z.infer<typeof lineItem>

/** A product in a cart. */
export const cartItem = lineItem
  .extend({
    available: z
      .int()
      .nullable()
      .describe('Pieces in stock now: 0 when sold out or withdrawn, null while product-service is unavailable'),
  })
  .meta({ id: 'CartItem' })

/** A cart in the API. */
export const cart = z
  .object({
    id: z
      .uuid()
      .nullable()
      .describe('null until the first item opens the cart; a checkout that names it pays no other'),
    items: z.array(cartItem),
    total_cents: z.int(),
    items_count: z.int(),
  })
  .meta({ id: 'Cart' })

export type Cart = z.infer<typeof cart>

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
