import type { FC } from 'hono/jsx'
import { useMessages } from '../messages/messages'

const maxFew = 5

export const StockState: FC<{ stock: number }> = ({ stock }) => {
  const { catalogue } = useMessages()
  if (stock <= 0) return <span class="stock none">{catalogue.soldOut}</span>
  if (stock <= maxFew) return <span class="stock few">{catalogue.fewLeft(stock)}</span>
  return <span class="stock many">{catalogue.inStock}</span>
}
