import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../../src/database/database'
import { DomainError } from '../../src/problem'
import { findProduct } from './find-products'
import type { Product } from './product'
import { products } from './schema'

const integer = (min: number, max: number) => z.int().min(min).max(max)

const fields = z.object({
  price_cents: integer(1, 100_000_000).optional(),
  /** Replaces the stock. */
  stock: integer(0, 1_000_000).optional(),
  /** Pieces to add to the stock; concurrent sales are not lost. */
  restock: integer(1, 1_000_000).optional(),
})

/** The fields of a product that an administrator can change, and their limits. */
export const productChange = fields
  .refine(
    (change) => Object.values(change).some((value) => value !== undefined),
    `set one of ${Object.keys(fields.shape).join(', ')}`,
  )
  .refine(({ stock, restock }) => stock === undefined || restock === undefined, 'set stock or restock, not both')

export type ProductChange = z.infer<typeof productChange>

/** Changes the given fields of a product. @throws DomainError `NOT_FOUND` */
export async function changeProduct({ db }: { db: Database }, id: string, change: ProductChange): Promise<Product> {
  const stock = change.restock === undefined ? change.stock : sql`${products.stock} + ${change.restock}`
  const [{ affectedRows }] = await db
    .update(products)
    // Drizzle leaves out columns that are undefined.
    .set({ priceCents: change.price_cents, stock })
    .where(eq(products.id, id))
  if (affectedRows === 0) throw new DomainError('NOT_FOUND', { detail: 'There is no such product' })
  return findProduct({ db }, id)
}
