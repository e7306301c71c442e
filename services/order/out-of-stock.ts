import { DomainError } from '../../src/problem'

/** The refusal of more pieces than there are: how many are in stock, and how many of them the cart already has. */
export const outOfStock = ({ id, stock }: { id: string; stock: number }, inCart: number): DomainError =>
  new DomainError('OUT_OF_STOCK', { products: [id], available: stock, in_cart: inCart })
