import { z } from 'zod'
import { lineItem, toLineItem } from './cart'
import type { orderItems, orders } from './schema'

export type OrderRow = typeof orders.$inferSelect
export type OrderItemRow = typeof orderItems.$inferSelect

/** An order in the API. */
export const order = z
  .object({
    id: z.uuid(),
    number: z.string().describe('The order number for shoppers: `261123-7K3M9QXA`'),
    user_id: z.uuid(),
    status: z.enum(['pending', 'confirmed', 'cancelled']),
    items: z.array(lineItem),
    total_cents: z.int(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Order' })

export type Order = z.infer<typeof order>

export const toOrder = (row: OrderRow, items: OrderItemRow[]): Order => ({
  id: row.id,
  number: orderNumber(row.id, row.createdAt),
  user_id: row.userId,
  status: row.status,
  items: items.map(toLineItem),
  total_cents: row.totalCents,
  created_at: row.createdAt.toISOString(),
})

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The day and the last 40 random bits of the id, in Crockford's base 32, which has no characters that look the same. */
export function orderNumber(id: string, createdAt: Date): string {
  let rest = Number.parseInt(id.slice(-10), 16)
  let text = ''
  for (let digit = 0; digit < 8; digit++) {
    text = alphabet[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return `${createdAt.toISOString().slice(2, 10).replaceAll('-', '')}-${text}`
}
