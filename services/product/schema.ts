import { cents, id, int, json, string, table, text, timestamp } from '../../src/database/columns'

export const products = table('products', {
  id: id().primaryKey(),
  slug: string(80).notNull().unique(),
  name: string(120).notNull(),
  description: text().notNull(),
  priceCents: cents().notNull(),
  /** URL path of the image in the storefront. */
  image: string(200).notNull(),
  stock: int().notNull(),
})

export interface ReservedItem {
  product_id: string
  quantity: number
}

export const reservations = table('reservations', {
  orderId: id().primaryKey(),
  /** `held`, then `confirmed` or `released`. Both are final. A released reservation stays as a tombstone. */
  status: string(10).$type<'held' | 'confirmed' | 'released'>().notNull(),
  items: json<ReservedItem[]>().notNull(),
  createdAt: timestamp().notNull(),
  settledAt: timestamp(),
})
