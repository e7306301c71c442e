import { and, asc, desc, eq, inArray, lt } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { placeholder, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import { type Order, type OrderItemRow, type OrderRow, toOrder } from './order'
import { orderItems, orders } from './schema'

/** Whose orders: one user's, or everybody's for an administrator. */
export interface Requester {
  id: string
  is_admin: boolean
}

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

/** A page of orders, newest first. */
export async function listOrders(
  { db }: { db: Database },
  { owner, limit, cursor }: { owner: Requester; limit: number; cursor?: string | undefined },
): Promise<Page<Order>> {
  const rows = await db
    .select()
    .from(orders)
    .where(and(owner.is_admin ? undefined : eq(orders.userId, owner.id), cursor ? lt(orders.id, cursor) : undefined))
    .orderBy(desc(orders.id))
    .limit(limit + 1)
  const shown = rows.slice(0, limit)
  const items = await withItems(db, shown)
  return { items, next_cursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null }
}

/** @throws DomainError `NOT_FOUND`, also for somebody else's order */
export async function findOrder(
  { db }: { db: Database },
  { owner, id }: { owner: Requester; id: string },
): Promise<Order> {
  const [row] = await orderQuery(db).execute({ id })
  if (!row || (row.userId !== owner.id && !owner.is_admin)) {
    throw new DomainError('NOT_FOUND', { detail: 'There is no such order' })
  }
  return toOrder(row, await findOrderItems(db, row.id))
}

/** The lines of an order, in their order. */
export const findOrderItems = (db: Database, orderId: string): Promise<OrderItemRow[]> =>
  itemsQuery(db).execute({ orderId })

/** Orders with their lines, in one statement for all. */
async function withItems(db: Database, rows: OrderRow[]): Promise<Order[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const items = await db
    .select()
    .from(orderItems)
    .where(inArray(orderItems.orderId, ids))
    .orderBy(asc(orderItems.position))
  const byOrder = Map.groupBy(items, (item) => item.orderId)
  return rows.map((row) => toOrder(row, byOrder.get(row.id) ?? []))
}

const orderQuery = prepared((db) =>
  db
    .select()
    .from(orders)
    .where(eq(orders.id, placeholder('id', orders.id)))
    .prepare(),
)

const itemsQuery = prepared((db) =>
  db
    .select()
    .from(orderItems)
    .where(eq(orderItems.orderId, placeholder('orderId', orderItems.orderId)))
    .orderBy(asc(orderItems.position))
    .prepare(),
)
