import { cents, id, index, int, json, string, table, text, timestamp } from '../../src/database/columns'

export const products = table('products', {
  id: id().primaryKey(),
  slug: string(80).notNull().unique(),
  name: string(120).notNull(),
  description: text().notNull(),
  priceCents: cents().notNull(),
  /** URL path of the image in the storefront. */
  image: string(200).notNull(),
  stock: int().notNull(),
  /** Name and description without case and accents. Null in a row of an older version, until the service starts. */
  searchText: text(),
  /** The name without case and accents, by which lists are sorted. */
  sortName: string(120).notNull().default(''),
  /** When the product was withdrawn from sale. */
  withdrawnAt: timestamp(),
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

/** What an administrator did to the catalog. Rows are never changed. */
export const productChanges = table(
  'product_changes',
  {
    id: id().primaryKey(),
    productId: id().notNull(),
    /** The administrator's user id. */
    userId: id().notNull(),
    action: string(10).$type<'create' | 'change' | 'withdraw' | 'restore'>().notNull(),
    /** The changed fields before and after. */
    before: json<Record<string, unknown>>().notNull(),
    after: json<Record<string, unknown>>().notNull(),
    changedAt: timestamp().notNull(),
  },
  (change) => [index('product_changes_product').on(change.productId, change.id)],
)
