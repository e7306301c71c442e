import { and, eq, sql } from 'drizzle-orm'
import { type Database, isUniqueViolation } from '../../src/database/database'
import { placeholder, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import type { Reservation } from './reserve-stock'
import { products, reservations } from './schema'

/** Makes a reservation final. Repeating it changes nothing. @throws DomainError `NOT_FOUND`, `RESERVATION_RELEASED` */
export async function confirmReservation({ db }: { db: Database }, orderId: string): Promise<Reservation> {
  const [{ affectedRows }] = await confirm(db).execute({ orderId, settledAt: new Date() })
  if (affectedRows === 1) return { order_id: orderId, status: 'confirmed' }
  const status = await statusOf(db, orderId)
  if (status === undefined) throw new DomainError('NOT_FOUND', { detail: 'There is no such reservation' })
  if (status === 'released') throw new DomainError('RESERVATION_RELEASED')
  return { order_id: orderId, status: 'confirmed' }
}

/**
 * Returns the stock and leaves a tombstone. The tombstone is written even without a reservation, so that a reservation that
 * arrives later is refused. Repeating it changes nothing. @throws DomainError `RESERVATION_CONFIRMED`
 */
export async function releaseReservation({ db }: { db: Database }, orderId: string): Promise<Reservation> {
  if (!(await returnStock(db, orderId))) await leaveTombstone(db, orderId)
  const status = await statusOf(db, orderId)
  // A reservation was written between the two calls: release it.
  if (status === 'held') return releaseReservation({ db }, orderId)
  if (status === 'confirmed') throw new DomainError('RESERVATION_CONFIRMED')
  return { order_id: orderId, status: 'released' }
}

async function returnStock(db: Database, orderId: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [{ affectedRows }] = await tx
      .update(reservations)
      .set({ status: 'released', settledAt: new Date() })
      .where(and(eq(reservations.orderId, orderId), eq(reservations.status, 'held')))
    if (affectedRows === 0) return false
    const [row] = await tx.select().from(reservations).where(eq(reservations.orderId, orderId))
    for (const { product_id, quantity } of row?.items ?? []) {
      await tx
        .update(products)
        .set({ stock: sql`${products.stock} + ${quantity}` })
        .where(eq(products.id, product_id))
    }
    return true
  })
}

async function leaveTombstone(db: Database, orderId: string): Promise<void> {
  if ((await statusOf(db, orderId)) !== undefined) return
  const now = new Date()
  try {
    await db.insert(reservations).values({ orderId, status: 'released', items: [], createdAt: now, settledAt: now })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
}

async function statusOf(db: Database, orderId: string): Promise<Reservation['status'] | undefined> {
  const [row] = await db
    .select({ status: reservations.status })
    .from(reservations)
    .where(eq(reservations.orderId, orderId))
  return row?.status
}

const confirm = prepared((db) =>
  db
    .update(reservations)
    .set({ status: 'confirmed', settledAt: sql`${placeholder('settledAt', reservations.settledAt)}` })
    .where(and(eq(reservations.orderId, placeholder('orderId', reservations.orderId)), eq(reservations.status, 'held')))
    .prepare(),
)
