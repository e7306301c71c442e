import type { FC } from 'hono/jsx'
import { useMessages } from '../messages/messages'

const maxFew = 5

export const StockState: FC<{ stock: number }> = ({ stock }) => {
  const { catalog } = useMessages()
  if (stock <= 0) return <span class="stock none">{catalog.soldOut}</span>
  if (stock <= maxFew) return <span class="stock few">{catalog.fewLeft(stock)}</span>
  return <span class="stock many">{catalog.inStock}</span>
}
