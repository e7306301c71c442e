import type { FC } from 'hono/jsx'
import { fr } from '../messages/fr'

const maxFew = 5

export const StockState: FC<{ stock: number }> = ({ stock }) => {
  if (stock <= 0) return <span class="stock none">{fr.catalog.soldOut}</span>
  if (stock <= maxFew) return <span class="stock few">{fr.catalog.fewLeft(stock)}</span>
  return <span class="stock many">{fr.catalog.inStock}</span>
}
