import { fetchJson } from './http'

export interface StockAccess {
  /** Origin of user-service. */
  users: string
  /** Origin of product-service. */
  products: string
  admin: { username: string; password: string }
}

export interface StockedProduct {
  id: string
  slug: string
  stock: number
}

/** Signs in as the shop's administrator, who may change stock. @throws Error when the shop refuses it */
export async function openStockAdmin({ users, products, admin }: StockAccess) {
  const { token } = await send<{ token: string }>(`${users}/api/user/login`, 'POST', admin)
  const patch = (id: string, body: object) => send(`${products}/api/product/${id}`, 'PATCH', body, token)

  return {
    listProducts: async () =>
      (await fetchJson<{ items: StockedProduct[] }>(`${products}/api/products?limit=100`)).items,
    /** Adds pieces. Correct while others buy the product. */
    restock: (id: string, pieces: number) => patch(id, { restock: pieces }),
    /** Sets the stock, and returns the difference. Correct only for a larger stock, or while no order for the product is placed. */
    async setStock(id: string, pieces: number): Promise<number> {
      const { stock } = await fetchJson<StockedProduct>(`${products}/api/product/${id}`)
      const difference = pieces - stock
      await patch(id, difference > 0 ? { restock: difference } : { stock: pieces })
      return difference
    },
  }
}

function send<T>(url: string, method: string, body: object, token?: string): Promise<T> {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }
  return fetchJson<T>(url, { method, headers, body: JSON.stringify(body) })
}
