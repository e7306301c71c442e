import { eq, sql } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { DomainError } from '../../src/problem'
import { findProduct } from './find-products'
import type { Product } from './product'
import { products } from './schema'

export interface ProductChange {
  price_cents?: number | undefined
  /** Replaces the stock. */
  stock?: number | undefined
  /** Pieces to add to the stock; concurrent sales are not lost. */
  restock?: number | undefined
}

/** Changes the price or the stock of a product. @throws DomainError `NOT_FOUND` */
export async function changeProduct({ db }: { db: Database }, id: string, change: ProductChange): Promise<Product> {
  const stock = change.restock === undefined ? change.stock : sql`${products.stock} + ${change.restock}`
  const [{ affectedRows }] = await db
    .update(products)
    .set({
      ...(change.price_cents !== undefined && { priceCents: change.price_cents }),
      ...(stock !== undefined && { stock }),
    })
    .where(eq(products.id, id))
  if (affectedRows === 0) throw new DomainError('NOT_FOUND', { detail: 'There is no such product' })
  return findProduct({ db }, id)
}
