import { placeholders, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import { jsonOrThrow } from '../../src/service-client'
import { maxProducts, maxQuantity } from '../limits'
import type { Cart } from './cart'
import type { OrderContext } from './context'
import { ensureOpenCart, findCartItems, lockOpenCart, setQuantity } from './open-cart'
import { cartItems } from './schema'
import { viewCart } from './view-cart'

interface AddItem {
  userId: string
  productId: string
  quantity: number
}

/**
 * Adds pieces of a product to the user's open cart.
 * @throws DomainError `NOT_FOUND`, `OUT_OF_STOCK`, `QUANTITY_LIMIT`, `CART_FULL`, `UNAVAILABLE`
 */
export async function addItem(context: OrderContext, wanted: AddItem): Promise<Cart> {
  const { db, products, instruments } = context
  const product = await jsonOrThrow(products.api.product[':slugOrId'].$get({ param: { slugOrId: wanted.productId } }))
  if (wanted.quantity > product.stock) throw outOfStock(product)
  const { cartId, opened } = await ensureOpenCart(db, wanted.userId)

  const added = await db.transaction(async (tx) => {
    if (!(await lockOpenCart(tx, cartId, wanted.userId))) return false
    const items = await findCartItems(tx, cartId)
    const before = items.find((item) => item.productId === product.id)?.quantity ?? 0
    const quantity = before + wanted.quantity
    if (before === 0 && items.length >= maxProducts) throw new DomainError('CART_FULL', { most: maxProducts })
    if (quantity > maxQuantity) throw new DomainError('QUANTITY_LIMIT', { most: maxQuantity })
    if (quantity > product.stock) throw outOfStock(product)
    if (before > 0) {
      await setQuantity(tx).execute({ cartId, productId: product.id, quantity })
      return true
    }
    await insertItem(tx).execute({
      cartId,
      productId: product.id,
      slug: product.slug,
      name: product.name,
      image: product.image,
      unitPriceCents: product.price_cents,
      quantity,
      addedAt: new Date(),
    })
    return true
  })
  // A checkout closed the cart meanwhile: add to the next cart.
  if (!added) return addItem(context, wanted)
  if (opened) instruments.created.add(1)
  instruments.itemsAdded.add(wanted.quantity, { 'product.slug': product.slug })
  return viewCart(context, wanted.userId)
}

const outOfStock = ({ id, stock }: { id: string; stock: number }) =>
  new DomainError('OUT_OF_STOCK', { products: [id], stock })

const insertItem = prepared((db) =>
  db
    .insert(cartItems)
    .values(placeholders('cartId', 'productId', 'slug', 'name', 'image', 'unitPriceCents', 'quantity', 'addedAt'))
    .prepare(),
)
