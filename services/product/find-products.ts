import { asc, eq, gt, inArray, or, sql } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { placeholder, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import { type Product, toProduct } from './product'
import { products } from './schema'

export interface Page<T> {
  items: T[]
  /** Give it as `cursor` to get what follows; `null` at the end. */
  next_cursor: string | null
}

/** A page of the catalogue, in its own order. */
export async function listProducts(
  { db }: { db: Database },
  { limit, cursor = '' }: { limit: number; cursor?: string | undefined },
): Promise<Page<Product>> {
  const rows = await page(db).execute({ cursor, limit: limit + 1 })
  const items = rows.slice(0, limit).map(toProduct)
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** @throws DomainError `NOT_FOUND` */
export async function findProduct({ db }: { db: Database }, slugOrId: string): Promise<Product> {
  const [row] = await one(db).execute({ slugOrId })
  if (!row) throw new DomainError('NOT_FOUND', { detail: 'There is no such product' })
  return toProduct(row)
}

/** Those of the products that exist, in one statement. */
export async function findBatch({ db }: { db: Database }, ids: string[]): Promise<Product[]> {
  if (ids.length === 0) return []
  const batch = batches[ids.length] ?? batchOf(ids.length)
  const rows = await batch(db).execute({ ...ids })
  return rows.map(toProduct)
}

const page = prepared((db) =>
  db
    .select()
    .from(products)
    .where(gt(products.id, placeholder('cursor', products.id)))
    .orderBy(asc(products.id))
    .limit(sql.placeholder('limit'))
    .prepare(),
)

const one = prepared((db) =>
  db
    .select()
    .from(products)
    .where(
      or(
        eq(products.slug, placeholder('slugOrId', products.slug)),
        eq(products.id, placeholder('slugOrId', products.id)),
      ),
    )
    .prepare(),
)

const batchOf = (count: number) =>
  prepared((db) => {
    const ids = Array.from({ length: count }, (_none, index) => sql.placeholder(String(index)))
    return db.select().from(products).where(inArray(products.id, ids)).orderBy(asc(products.id)).prepare()
  })

// One for each number of products; built when it is first asked for.
const batches = Array.from({ length: 101 }, (_none, count) => batchOf(count))
