import { and, asc, desc, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../src/database/database'
import { placeholder, prepared } from '../../src/database/prepared'
import type { Page } from '../page'
import { formatCursor, type Position, type Sort } from './cursor'
import { foldText } from './fold-text'
import { type Product, type ProductRow, productColumns, toProduct } from './product'
import type { ProductsQuery } from './product-input'
import { products } from './schema'

/** A page of the products on sale that contain all words. */
export async function listProducts({ db }: { db: Database }, query: ProductsQuery): Promise<Page<Product>> {
  const { sort, words, after, limit } = query
  const folded = words.map(foldText).filter(Boolean)
  const rows = await select(
    sort,
    folded.length,
    after !== undefined,
  )(db).execute({
    ...folded,
    ...after,
    limit: limit + 1,
  })
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return {
    items: rows.slice(0, limit).map(toProduct),
    next_cursor: last ? formatCursor(sort, { id: last.id, value: orders[sort ?? 'id'].valueOf(last) }) : null,
  }
}

/** A page of the withdrawn products, by id. */
export async function listWithdrawnProducts(
  { db }: { db: Database },
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<Product>> {
  const rows = await db
    .select(productColumns)
    .from(products)
    .where(and(isNotNull(products.withdrawnAt), cursor === undefined ? undefined : sql`${products.id} > ${cursor}`))
    .orderBy(asc(products.id))
    .limit(limit + 1)
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { items: rows.slice(0, limit).map(toProduct), next_cursor: last?.id ?? null }
}

type Row = ProductRow & { sortName: string }

interface Order {
  direction: typeof asc
  column?: typeof products.sortName | typeof products.priceCents
  valueOf(row: Row): Position['value']
}

const noValue = () => undefined
const orders: Record<Sort | 'id', Order> = {
  id: { direction: asc, valueOf: noValue },
  // Ids are UUIDv7, which are ordered by their time.
  newest: { direction: desc, valueOf: noValue },
  name: { direction: asc, column: products.sortName, valueOf: (row) => row.sortName },
  price: { direction: asc, column: products.priceCents, valueOf: (row) => row.priceCents },
  '-price': { direction: desc, column: products.priceCents, valueOf: (row) => row.priceCents },
}

const queries = new Map<string, ReturnType<typeof build>>()

// One query for each sort and number of words, built at its first use.
function select(sort: Sort | undefined, wordCount: number, hasCursor: boolean) {
  const key = `${sort} ${wordCount} ${hasCursor}`
  const query = queries.get(key) ?? build(orders[sort ?? 'id'], wordCount, hasCursor)
  queries.set(key, query)
  return query
}

function build(order: Order, wordCount: number, hasCursor: boolean) {
  return prepared((db) => {
    const { direction, column } = order
    // INSTR takes the word literally, unlike LIKE.
    const words = Array.from(
      { length: wordCount },
      (_none, index) => sql`instr(${products.searchText}, ${sql.placeholder(String(index))}) > 0`,
    )
    return db
      .select({ ...productColumns, sortName: products.sortName })
      .from(products)
      .where(and(isNull(products.withdrawnAt), hasCursor ? isAfter(order) : undefined, ...words))
      .orderBy(...(column ? [direction(column)] : []), direction(products.id))
      .limit(sql.placeholder('limit'))
      .prepare()
  })
}

function isAfter({ direction, column }: Order): SQL {
  const comparison = direction === asc ? sql`>` : sql`<`
  const id = placeholder('id', products.id)
  if (!column) return sql`${products.id} ${comparison} ${id}`
  const value = placeholder('value', column)
  return sql`(${column} ${comparison} ${value} or (${column} = ${value} and ${products.id} ${comparison} ${id}))`
}
