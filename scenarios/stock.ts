import { openStockAdmin } from '../stack/clients/stock-admin'
import type { Endpoints } from '../stack/endpoints'
import type { CheckoutHistory } from './audit'

// Enough for hours: no trend reaches 0 within one hour.
const plenty = 1_000_000

/** The shop's products: those that shoppers buy, and a spare one for scenarios. Records each change of stock in `history`. */
export async function createStockAdmin({ shop }: Endpoints, history: CheckoutHistory) {
  const admin = await openStockAdmin({
    users: shop['user-service'],
    products: shop['product-service'],
    admin: { username: 'admin', password: 'admin123' },
  })
  const products = await admin.listProducts()
  const spare = products.at(-1)
  if (!spare) throw new Error('the shop has no products')

  return {
    spareProduct: { id: spare.id, slug: spare.slug },
    regularProductIds: products.slice(0, -1).map(({ id }) => id),
    setStock,
    async refill(): Promise<void> {
      for (const { id, stock } of products) if (stock < plenty / 2) await setStock(id, plenty)
    },
  }

  async function setStock(id: string, pieces: number): Promise<void> {
    history.recordRestock(id, await admin.setStock(id, pieces))
  }
}
