import { z } from 'zod'
import { maxProducts, maxQuantity } from '../limits'
import { cart } from './cart'
import { cartChangeOf, changeOpenCart, findEarlierChange } from './cart-change'
import type { OrderContext } from './context'
import { type CurrentProduct, findCurrentProducts } from './current-products'
import { addPieces, type CartItemRow } from './open-cart'
import { viewCart } from './view-cart'

interface GuestItem {
  product_id: string
  quantity: number
}

interface MergeCart {
  userId: string
  idempotencyKey: string
  /** Each product once. */
  items: GuestItem[]
}

const notTaken = z
  .object({
    product_id: z.uuid(),
    name: z.string().nullable().describe('null for a product that does not exist any more'),
    quantity: z.int().describe('The pieces that the cart could not take'),
    reason: z.enum(['not_found', 'out_of_stock', 'quantity_limit', 'cart_full']),
    available: z.int().nullable().describe('Pieces in stock; null for a product that does not exist any more'),
  })
  .meta({ id: 'NotTaken' })

type NotTaken = z.infer<typeof notTaken>

/** The user's cart after a merge, in the API. */
export const mergedCart = z.object({ cart, not_taken: z.array(notTaken) }).meta({ id: 'MergedCart' })

export type MergedCart = z.infer<typeof mergedCart>

/**
 * Adds the items of a guest's cart to the user's open cart, up to stock and limits, in one transaction. A retry with the same
 * key adds nothing and reports the same.
 * @throws DomainError `IDEMPOTENCY_KEY_REUSED`, `UNAVAILABLE`
 */
export async function mergeCart(
  context: OrderContext,
  { userId, idempotencyKey, items }: MergeCart,
): Promise<MergedCart> {
  const { db, products, instruments } = context
  const change = cartChangeOf(userId, idempotencyKey, { merge: items })
  const earlier = await findEarlierChange<NotTaken[]>(db, change)
  if (earlier) return { cart: await viewCart(context, userId), not_taken: earlier.outcome }

  const ids = items.map((item) => item.product_id)
  const current = await findCurrentProducts(products, ids)
  let additions: Addition[] = []
  const changed = await changeOpenCart(context, change, async (tx, cartId, present) => {
    const plan = planMerge(items, present, current)
    additions = plan.additions
    const now = Date.now()
    for (const [position, addition] of additions.entries()) {
      await addPieces(tx, cartId, { ...addition, at: now + position })
    }
    return plan.notTaken
  })
  if (changed.opened && (changed.isRepeated || additions.length > 0)) instruments.created.add(1)
  if (!changed.isRepeated) {
    for (const { product, pieces } of additions) instruments.itemsAdded.add(pieces, { 'product.slug': product.slug })
  }
  return { cart: await viewCart(context, userId), not_taken: changed.outcome }
}

interface Addition {
  product: CurrentProduct
  before: number
  pieces: number
}

function planMerge(items: GuestItem[], present: CartItemRow[], current: Map<string, CurrentProduct>) {
  const quantities = new Map(present.map((item) => [item.productId, item.quantity]))
  const additions: Addition[] = []
  const missing: NotTaken[] = []
  for (const item of items) {
    const product = current.get(item.product_id)
    const before = quantities.get(item.product_id) ?? 0
    const { pieces, reason } = takeable(item.quantity, before, product, quantities.size)
    if (product && pieces > 0) {
      additions.push({ product, before, pieces })
      quantities.set(product.id, before + pieces)
    }
    if (!reason) continue
    const { name = null, stock = null } = product ?? {}
    missing.push({ product_id: item.product_id, name, quantity: item.quantity - pieces, reason, available: stock })
  }
  return { additions, notTaken: missing }
}

/** The pieces that fit into a cart with `before` of the product, and why there are no more. */
function takeable(
  wanted: number,
  before: number,
  product: CurrentProduct | undefined,
  productsInCart: number,
): { pieces: number; reason?: NotTaken['reason'] } {
  if (!product) return { pieces: 0, reason: 'not_found' }
  if (before === 0 && productsInCart >= maxProducts) return { pieces: 0, reason: 'cart_full' }
  const room = Math.max(0, Math.min(product.stock, maxQuantity) - before)
  if (wanted <= room) return { pieces: wanted }
  return { pieces: room, reason: product.stock < maxQuantity ? 'out_of_stock' : 'quantity_limit' }
}
