import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { placeholder, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import { maxProducts } from '../limits'
import { type Product, productColumns, toProduct } from './product'
import { products } from './schema'

/** @throws DomainError `NOT_FOUND`, also for a withdrawn product */
export async function findProduct({ db }: { db: Database }, slugOrId: string): Promise<Product> {
  const [row] = await selectProduct(db).execute({ slugOrId })
  if (!row) throw noSuchProduct()
  if (row.withdrawnAt) throw new DomainError('NOT_FOUND', { detail: 'This product was withdrawn' })
  return toProduct(row)
}

export const noSuchProduct = () => new DomainError('NOT_FOUND', { detail: 'There is no such product' })

/** The products on sale with these ids, by one statement; the others are left out. */
export async function findBatch({ db }: { db: Database }, ids: string[]): Promise<Product[]> {
  if (ids.length === 0) return []
  const selectBatch = batchQueries[ids.length] ?? batchQuery(ids.length)
  const rows = await selectBatch(db).execute({ ...ids })
  return rows.map(toProduct)
}

const selectProduct = prepared((db) =>
  db
    .select(productColumns)
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
    return db
      .select(productColumns)
      .from(products)
      .where(and(inArray(products.id, ids), isNull(products.withdrawnAt)))
      .orderBy(asc(products.id))
      .prepare()
  })

// One query for each number of ids, built at its first use.
const batchQueries = Array.from({ length: maxProducts + 1 }, (_none, count) => batchQuery(count))
