import { DomainError } from '../../src/problem'
import { jsonOrThrow } from '../../src/service-client'
import { maxProducts, maxQuantity } from '../limits'
import type { Cart } from './cart'
import { cartChangeOf, changeOpenCart, findEarlierChange } from './cart-change'
import type { OrderContext } from './context'
import { addPieces, type CartItemRow, findCartItems, findOpenCartId } from './open-cart'
import { outOfStock } from './out-of-stock'
import { viewCart } from './view-cart'

interface AddItem {
  userId: string
  productId: string
  quantity: number
  /** With a key, a retry adds nothing. */
  idempotencyKey?: string | undefined
}

/**
 * Adds pieces of a product to the user's open cart.
 * @throws DomainError `NOT_FOUND`, `OUT_OF_STOCK`, `QUANTITY_LIMIT`, `CART_FULL`, `IDEMPOTENCY_KEY_REUSED`, `UNAVAILABLE`
 */
export async function addItem(context: OrderContext, wanted: AddItem): Promise<Cart> {
  const { db, products, instruments } = context
  const { userId, productId, quantity } = wanted
  const change = cartChangeOf(userId, wanted.idempotencyKey, { add: productId, quantity })
  if (await findEarlierChange(db, change)) return viewCart(context, userId)

  const product = await jsonOrThrow(products.api.product[':slugOrId'].$get({ param: { slugOrId: productId } }))
  // Such an item opens no cart.
  if (quantity > product.stock) throw outOfStock(product, await piecesInCart(context, wanted))
  const { isRepeated, opened } = await changeOpenCart(context, change, async (tx, cartId, items) => {
    await addPieces(tx, cartId, { product, before: checkLimits(items), pieces: quantity })
    return {}
  })
  if (opened) instruments.created.add(1)
  if (!isRepeated) instruments.itemsAdded.add(quantity, { 'product.slug': product.slug })
  return viewCart(context, userId)

  function checkLimits(items: CartItemRow[]): number {
    const before = piecesOf(items, product.id)
    if (before === 0 && items.length >= maxProducts) throw new DomainError('CART_FULL', { most: maxProducts })
    if (before + quantity > maxQuantity) throw new DomainError('QUANTITY_LIMIT', { most: maxQuantity })
    if (before + quantity > product.stock) throw outOfStock(product, before)
    return before
  }
}

async function piecesInCart({ db }: OrderContext, { userId, productId }: AddItem): Promise<number> {
  const cartId = await findOpenCartId(db, userId)
  const items = cartId === undefined ? [] : await findCartItems(db, cartId)
  return piecesOf(items, productId)
}

const piecesOf = (items: CartItemRow[], productId: string): number =>
  items.find((item) => item.productId === productId)?.quantity ?? 0
