import { and, asc, desc, eq, inArray, lt } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { placeholder, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import { nextCursor, type Page } from '../page'
import { type Order, type OrderItemRow, type OrderRow, toOrder } from './order'
import { orderItems, orders } from './schema'

/** The user of the request. Administrators can read the orders of all users. */
export interface Requester {
  id: string
  is_admin: boolean
}

export interface OrderQuery {
  requester: Requester
  /** The requester's orders, or those of all users. */
  scope: 'own' | 'all'
  limit: number
  cursor?: string | undefined
}

/** A page of orders, newest first. @throws DomainError `FORBIDDEN` for `scope=all` by a user who is no administrator */
export async function listOrders(
  { db }: { db: Database },
  { requester, scope, limit, cursor }: OrderQuery,
): Promise<Page<Order>> {
  if (scope === 'all' && !requester.is_admin) {
    throw new DomainError('FORBIDDEN', { detail: 'Only administrators can list the orders of all users' })
  }
  const rows = await db
    .select()
    .from(orders)
    .where(
      and(scope === 'all' ? undefined : eq(orders.userId, requester.id), cursor ? lt(orders.id, cursor) : undefined),
    )
    .orderBy(desc(orders.id))
    .limit(limit + 1)
  return { items: await withItems(db, rows.slice(0, limit)), next_cursor: nextCursor(rows, limit) }
}

/** @throws DomainError `NOT_FOUND`, also for an order of another user */
export async function findOrder(
  { db }: { db: Database },
  { requester, id }: { requester: Requester; id: string },
): Promise<Order> {
  const [row] = await orderQuery(db).execute({ id })
  if (!row || (row.userId !== requester.id && !requester.is_admin)) {
    throw new DomainError('NOT_FOUND', { detail: 'There is no such order' })
  }
  return toOrder(row, await findOrderItems(db, row.id))
}

/** The items of an order, in their order. */
export const findOrderItems = (db: Database, orderId: string): Promise<OrderItemRow[]> =>
  itemsQuery(db).execute({ orderId })

/** Adds the items of all orders with one statement. */
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
