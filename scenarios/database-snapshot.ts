import { Database } from 'bun:sqlite'
import { createConnection } from 'mysql2/promise'

/** The content of order-service's and product-service's databases, as far as the audit needs it. */
export interface DatabaseSnapshot {
  orders: { id: string; idempotencyKey: string; status: string; isSettled: boolean }[]
  /** Pieces in confirmed orders, by product. */
  sold: Map<string, number>
  /** Pieces in reservations that are held or confirmed, by product. */
  reserved: Map<string, number>
  stock: Map<string, number>
}

type Row = Record<string, string | number | null>
type Query = (sql: string) => Promise<Row[]>

/** Reads both databases: MariaDB URLs, or SQLite files. The result is consistent only while no order is placed. */
export async function readDatabaseSnapshot(urls: { order: string; product: string }): Promise<DatabaseSnapshot> {
  const [orders, sold] = await withDatabase(urls.order, async (query) => [
    await query('SELECT id, idempotency_key, status, settled_at FROM orders'),
    await query(`SELECT product_id AS id, SUM(quantity) AS pieces FROM order_items
      JOIN orders ON orders.id = order_items.order_id WHERE orders.status = 'confirmed' GROUP BY product_id`),
  ])
  const [stock, reservations] = await withDatabase(urls.product, async (query) => [
    await query('SELECT id, stock AS pieces FROM products'),
    await query("SELECT items FROM reservations WHERE status IN ('held', 'confirmed')"),
  ])
  return {
    orders: (orders ?? []).map(({ id, idempotency_key, status, settled_at }) => ({
      id: String(id),
      idempotencyKey: String(idempotency_key),
      status: String(status),
      isSettled: settled_at !== null,
    })),
    sold: piecesById(sold ?? []),
    stock: piecesById(stock ?? []),
    reserved: sumByProduct((reservations ?? []).flatMap(({ items }) => parseItems(items))),
  }
}

async function withDatabase<T>(url: string, work: (query: Query) => Promise<T>): Promise<T> {
  if (!url.startsWith('mysql:')) {
    const file = new Database(url, { readonly: true })
    try {
      return await work(async (sql) => file.query(sql).all() as Row[])
    } finally {
      file.close()
    }
  }
  const connection = await createConnection({ uri: url, connectTimeout: 2000 })
  try {
    return await work(async (sql) => (await connection.query(sql))[0] as Row[])
  } finally {
    await connection.end()
  }
}

const piecesById = (rows: Row[]) => new Map(rows.map(({ id, pieces }) => [String(id), Number(pieces)]))

interface Item {
  product_id: string
  quantity: number
}

// MySQL returns parsed JSON, MariaDB and SQLite return text.
const parseItems = (items: unknown): Item[] => (typeof items === 'string' ? JSON.parse(items) : (items as Item[]))

function sumByProduct(items: Item[]): Map<string, number> {
  const pieces = new Map<string, number>()
  for (const { product_id, quantity } of items) pieces.set(product_id, (pieces.get(product_id) ?? 0) + quantity)
  return pieces
}
