import { fetchJson } from '../stack/clients/prometheus'

export interface StockAccess {
  users: string
  products: string
  admin: { username: string; password: string }
}

interface Product {
  id: string
  stock: number
}

/**
 * Sees to it that no product has fewer than so many pieces, as the shop's administrator: a test of how fast orders are would
 * else be one of how fast they are refused. Answers what to say about it.
 */
export async function ensureStock({ users, products, admin }: StockAccess, pieces: number): Promise<string> {
  const json = { 'Content-Type': 'application/json' }
  const body = JSON.stringify(admin)
  try {
    const { token } = await fetchJson<{ token: string }>(`${users}/api/user/login`, {
      method: 'POST',
      headers: json,
      body,
    })
    const { items } = await fetchJson<{ items: Product[] }>(`${products}/api/products?limit=100`)
    const few = items.filter(({ stock }) => stock < pieces)
    for (const { id, stock } of few) {
      const headers = { ...json, Authorization: `Bearer ${token}` }
      const restock = JSON.stringify({ restock: pieces - stock })
      await fetchJson(`${products}/api/product/${id}`, { method: 'PATCH', headers, body: restock })
    }
    return few.length > 0 ? `stock: ${few.length} products filled up to ${pieces} pieces` : ''
  } catch (error) {
    return `stock: left as it is, what is sold out will be refused (${(error as Error).message})`
  }
}
