import { openStockAdmin, type StockAccess } from '../stack/clients/stock-admin'

/**
 * Fills each product up to `pieces`, as the shop's administrator: otherwise orders are refused, and the test measures refusals.
 * Returns what to print about it, or an empty string.
 */
export async function ensureStock(access: StockAccess, pieces: number): Promise<string> {
  try {
    const admin = await openStockAdmin(access)
    const low = (await admin.listProducts()).filter(({ stock }) => stock < pieces)
    for (const { id, stock } of low) await admin.restock(id, pieces - stock)
    return low.length > 0 ? `stock: ${low.length} products filled up to ${pieces} pieces` : ''
  } catch (error) {
    return `stock: unchanged, orders of sold-out products will be refused (${(error as Error).message})`
  }
}
