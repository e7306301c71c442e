import { asc, eq, gt, inArray, or, sql } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { placeholder, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import { maxProducts } from '../limits'
import { nextCursor, type Page } from '../page'
import { type Product, toProduct } from './product'
import { products } from './schema'

/** A page of the catalog, by id. */
export async function listProducts(
  { db }: { db: Database },
  { limit, cursor = '' }: { limit: number; cursor?: string | undefined },
): Promise<Page<Product>> {
  const rows = await selectPage(db).execute({ cursor, limit: limit + 1 })
  return { items: rows.slice(0, limit).map(toProduct), next_cursor: nextCursor(rows, limit) }
}

/** @throws DomainError `NOT_FOUND` */
export async function findProduct({ db }: { db: Database }, slugOrId: string): Promise<Product> {
  const [row] = await selectProduct(db).execute({ slugOrId })
  if (!row) throw new DomainError('NOT_FOUND', { detail: 'There is no such product' })
  return toProduct(row)
}

/** The products with these ids, by one statement; unknown ids are left out. */
export async function findBatch({ db }: { db: Database }, ids: string[]): Promise<Product[]> {
  if (ids.length === 0) return []
  const selectBatch = batchQueries[ids.length] ?? batchQuery(ids.length)
  const rows = await selectBatch(db).execute({ ...ids })
  return rows.map(toProduct)
}

const selectPage = prepared((db) =>
  db
    .select()
    .from(products)
    .where(gt(products.id, placeholder('cursor', products.id)))
    .orderBy(asc(products.id))
    .limit(sql.placeholder('limit'))
    .prepare(),
)

const selectProduct = prepared((db) =>
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

const batchQuery = (count: number) =>
  prepared((db) => {
    const ids = Array.from({ length: count }, (_none, index) => sql.placeholder(String(index)))
    return db.select().from(products).where(inArray(products.id, ids)).orderBy(asc(products.id)).prepare()
  })

// One query for each number of ids, built at its first use.
const batchQueries = Array.from({ length: maxProducts + 1 }, (_none, count) => batchQuery(count))
