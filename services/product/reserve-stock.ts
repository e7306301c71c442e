import { and, eq, gte, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Database, isUniqueViolation, type Transaction } from '../../src/database/database'
import { placeholder, placeholders, prepared } from '../../src/database/prepared'
import type { Faults } from '../../src/faults/faults'
import { DomainError } from '../../src/problem'
import { products, type ReservedItem, reservations } from './schema'

/** A reservation in the API. */
export const reservation = z
  .object({ order_id: z.uuid(), status: z.enum(['held', 'confirmed', 'released']) })
  .meta({ id: 'Reservation' })

export type Reservation = z.infer<typeof reservation>

interface Context {
  db: Database
  faults?: Faults | undefined
}

interface ReservationRequest {
  orderId: string
  items: ReservedItem[]
}

/**
 * Takes the stock of all items or of none. A withdrawn product counts as out of stock. Repeating a reservation changes nothing.
 * @throws DomainError `OUT_OF_STOCK` with the products, `RESERVATION_RELEASED`, `RESERVATION_DIFFERS`
 */
export async function reserveStock({ db, faults }: Context, request: ReservationRequest): Promise<Reservation> {
  // All reservations lock rows in the same order, so that they cannot deadlock.
  const items = request.items.toSorted((a, b) => (a.product_id < b.product_id ? -1 : 1))
  try {
    await db.transaction(async (tx) => {
      await takeStock(tx, { ...request, items })
      await faults?.delay('stock-lock')
    })
    return { order_id: request.orderId, status: 'held' }
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return findExisting(db, { ...request, items })
  }
}

async function takeStock(tx: Transaction, { orderId, items }: ReservationRequest): Promise<void> {
  await insertReservation(tx).execute({ orderId, items, createdAt: new Date() })
  const missing: string[] = []
  for (const { product_id, quantity } of items) {
    const [{ affectedRows }] = await takePieces(tx).execute({ product_id, quantity })
    if (affectedRows === 0) missing.push(product_id)
  }
  if (missing.length > 0) throw new DomainError('OUT_OF_STOCK', { products: missing })
}

async function findExisting(db: Database, { orderId, items }: ReservationRequest): Promise<Reservation> {
  const [row] = await db.select().from(reservations).where(eq(reservations.orderId, orderId))
  if (row?.status === 'released') throw new DomainError('RESERVATION_RELEASED')
  if (!row || !Bun.deepEquals(row.items, items)) throw new DomainError('RESERVATION_DIFFERS')
  return { order_id: orderId, status: row.status }
}

const insertReservation = prepared((db) =>
  db
    .insert(reservations)
    .values({ ...placeholders('orderId', 'items', 'createdAt'), status: 'held' })
    .prepare(),
)

const takePieces = prepared((db) => {
  const quantity = placeholder('quantity', products.stock)
  return db
    .update(products)
    .set({ stock: sql`${products.stock} - ${quantity}` })
    .where(
      and(
        eq(products.id, placeholder('product_id', products.id)),
        gte(products.stock, quantity),
        isNull(products.withdrawnAt),
      ),
    )
    .prepare()
})
