import { and, count, desc, eq, gte, ne, sum } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../../src/database/database'
import { memoizeForMs } from './memoize-for'
import { orderItems, orders } from './schema'

/** Product ids, the most bought first, in the API. */
export const productRanking = z.object({ product_ids: z.array(z.uuid()) }).meta({ id: 'ProductRanking' })

export type ProductRanking = z.infer<typeof productRanking>

export interface Rankings {
  /** The products with the most pieces in confirmed orders of the last 30 days. */
  mostBought(limit: number): Promise<ProductRanking>
  /** The products that are most often in the same confirmed order as this one. */
  boughtWith(productId: string, limit: number): Promise<ProductRanking>
}

/** The longest ranking that a request can get. */
export const maxRanked = 50

const dayMs = 24 * 3_600_000
const mostBoughtDays = 30
// The newest orders of a product are enough, and reading them takes the same time for any number of orders.
const maxOrders = 500
const freshMs = 60_000

/** Rankings that are up to a minute old: they are public, and every page may show one. */
export function createRankings(db: Database): Rankings {
  const mostBought = memoizeForMs(freshMs, () => selectMostBought(db, new Date(Date.now() - mostBoughtDays * dayMs)))
  const boughtWith = memoizeForMs(freshMs, (productId) => selectBoughtWith(db, productId))
  const first = async (ids: Promise<string[]>, limit: number) => ({ product_ids: (await ids).slice(0, limit) })
  return {
    mostBought: (limit) => first(mostBought(''), limit),
    boughtWith: (productId, limit) => first(boughtWith(productId), limit),
  }
}

async function selectMostBought(db: Database, since: Date): Promise<string[]> {
  const rows = await db
    .select({ productId: orderItems.productId })
    .from(orders)
    .innerJoin(orderItems, eq(orderItems.orderId, orders.id))
    .where(and(eq(orders.status, 'confirmed'), gte(orders.createdAt, since)))
    .groupBy(orderItems.productId)
    .orderBy(desc(sum(orderItems.quantity)), orderItems.productId)
    .limit(maxRanked)
  return rows.map((row) => row.productId)
}

async function selectBoughtWith(db: Database, productId: string): Promise<string[]> {
  // Order ids are UUIDv7, so that the last ones are the newest.
  const newest = db
    .select({ orderId: orderItems.orderId })
    .from(orderItems)
    .where(eq(orderItems.productId, productId))
    .orderBy(desc(orderItems.orderId))
    .limit(maxOrders)
    .as('newest')
  const rows = await db
    .select({ productId: orderItems.productId })
    .from(newest)
    .innerJoin(orders, and(eq(orders.id, newest.orderId), eq(orders.status, 'confirmed')))
    .innerJoin(orderItems, and(eq(orderItems.orderId, newest.orderId), ne(orderItems.productId, productId)))
    .groupBy(orderItems.productId)
    .orderBy(desc(count()), orderItems.productId)
    .limit(maxRanked)
  return rows.map((row) => row.productId)
}
