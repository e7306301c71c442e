import { Database } from 'bun:sqlite'
import { createConnection } from 'mysql2/promise'
import type { DatabaseSnapshot } from './audit'

interface Urls {
  order: string
  product: string
}

type Row = Record<string, string | number | null>
type Read = (sql: string) => Promise<Row[]>

/** Reads both databases, MariaDB's or the SQLite files. Consistent only while nobody orders. */
export async function readDatabaseSnapshot(urls: Urls): Promise<DatabaseSnapshot> {
  const [orders, sold] = await reading(urls.order, async (read) => [
    await read('SELECT id, idempotency_key, status, settled_at FROM orders'),
    await read(`SELECT product_id AS id, SUM(quantity) AS pieces FROM order_items
      JOIN orders ON orders.id = order_items.order_id WHERE orders.status = 'confirmed' GROUP BY product_id`),
  ])
  const [stock, reservations] = await reading(urls.product, async (read) => [
    await read('SELECT id, stock AS pieces FROM products'),
    await read("SELECT items FROM reservations WHERE status IN ('held', 'confirmed')"),
  ])
  return {
    orders: (orders ?? []).map(({ id, idempotency_key, status, settled_at }) => ({
      id: String(id),
      idempotencyKey: String(idempotency_key),
      status: String(status),
      isSettled: settled_at !== null,
    })),
    sold: pieces(sold ?? []),
    stock: pieces(stock ?? []),
    reserved: added((reservations ?? []).flatMap(({ items }) => itemsOf(items))),
  }
}

async function reading<T>(url: string, work: (read: Read) => Promise<T>): Promise<T> {
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

const pieces = (rows: Row[]) => new Map(rows.map(({ id, pieces }) => [String(id), Number(pieces)]))

interface Item {
  product_id: string
  quantity: number
}

// MySQL hands JSON over parsed, MariaDB and SQLite as text.
const itemsOf = (items: unknown): Item[] => (typeof items === 'string' ? JSON.parse(items) : (items as Item[]))

function added(items: Item[]): Map<string, number> {
  const total = new Map<string, number>()
  for (const { product_id, quantity } of items) total.set(product_id, (total.get(product_id) ?? 0) + quantity)
  return total
}
