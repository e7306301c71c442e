import { fetchJson } from '../stack/clients/prometheus'
import type { Endpoints } from '../stack/endpoints'
import type { CheckoutHistory } from './checkout-history'

interface Product {
  id: string
  slug: string
  stock: number
}

// Enough for hours, so that no trend leads to 0 within one.
const plenty = 1_000_000

/** The products of the shop: what shoppers buy, and one that nobody buys by chance. Stock is changed as an administrator does. */
export async function createStockAdmin({ shop }: Endpoints, ledger: CheckoutHistory) {
  const products = shop['product-service']
  const credentials = { username: 'admin', password: 'admin123' }
  const { token } = await send<{ token: string }>(`${shop['user-service']}/api/user/login`, 'POST', credentials)
  const { items } = await fetchJson<{ items: Product[] }>(`${products}/api/products?limit=100`)
  const spare = items.at(-1)
  if (!spare) throw new Error('the shop has no products')

  return {
    spareProduct: { id: spare.id, slug: spare.slug },
    regularProductIds: items.slice(0, -1).map(({ id }) => id),
    stock,
    async refill(): Promise<void> {
      for (const { id, stock: pieces } of items) if (pieces < plenty / 2) await stock(id, plenty)
    },
  }

  async function stock(id: string, pieces: number): Promise<void> {
    const { stock: before } = await fetchJson<Product>(`${products}/api/product/${id}`)
    const more = pieces - before
    // What is added is exact whatever is sold meanwhile; taken away is only from what nobody buys.
    await send(`${products}/api/product/${id}`, 'PATCH', more > 0 ? { restock: more } : { stock: pieces }, token)
    ledger.recordRestock(id, more)
  }
}

function send<T>(url: string, method: string, body: object, token?: string): Promise<T> {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }
  return fetchJson<T>(url, { method, headers, body: JSON.stringify(body) })
}
