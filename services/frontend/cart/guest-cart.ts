import type { Context } from 'hono'
import { DomainError } from '../../../src/problem'
import { jsonOrThrow } from '../../../src/service-client'
import { maxQuantity } from '../../limits'
import { asUser, type Cart, type FrontendContext } from '../context'
import { messagesOf } from '../language'
import { type GuestCart, type Shopper, sessionOf, storeCartCount } from '../session'

type Products = Pick<FrontendContext, 'products'>
type Change = { productId: string; quantity: number }

// More would not fit into the session cookie.
const maxGuestProducts = 40

/** The cart of a visitor who is not signed in; `undefined` when nothing was ever added. */
export const guestCartOf = (c: Context): GuestCart | undefined => sessionOf(c)?.get('guest_cart') ?? undefined

/**
 * Adds pieces to the cart of a visitor who is not signed in. Refuses what order-service would refuse, by the same codes.
 * @throws DomainError `NOT_FOUND`, `OUT_OF_STOCK`, `QUANTITY_LIMIT`, `CART_FULL`, `UNAVAILABLE`
 */
export async function addToGuestCart(
  { products }: Products,
  c: Context,
  { productId, quantity }: Change,
): Promise<{ slug: string }> {
  const product = await jsonOrThrow(products.api.product[':slugOrId'].$get({ param: { slugOrId: productId } }))
  const items = new Map(guestCartOf(c)?.items)
  const before = items.get(product.id) ?? 0
  if (before === 0 && items.size >= maxGuestProducts) throw new DomainError('CART_FULL')
  checkQuantity(product, before + quantity, before)
  storeItems(c, items.set(product.id, before + quantity))
  return product
}

/** Sets the quantity of a product. @throws DomainError `NOT_FOUND`, `OUT_OF_STOCK`, `UNAVAILABLE` */
export async function changeGuestItem({ products }: Products, c: Context, change: Change): Promise<Cart> {
  const items = new Map(guestCartOf(c)?.items)
  const before = items.get(change.productId)
  if (before === undefined) throw new DomainError('NOT_FOUND')
  const param = { slugOrId: change.productId }
  checkQuantity(await jsonOrThrow(products.api.product[':slugOrId'].$get({ param })), change.quantity, before)
  storeItems(c, items.set(change.productId, change.quantity))
  return viewGuestCart({ products }, c)
}

/** Removes a product. @throws DomainError `NOT_FOUND`, `UNAVAILABLE` */
export async function removeGuestItem(context: Products, c: Context, productId: string): Promise<Cart> {
  const items = new Map(guestCartOf(c)?.items)
  if (!items.delete(productId)) throw new DomainError('NOT_FOUND')
  storeItems(c, items)
  return viewGuestCart(context, c)
}

/** The cart at current prices; products that are no longer sold are left out. @throws DomainError `UNAVAILABLE` */
export async function viewGuestCart({ products }: Products, c: Context): Promise<Cart> {
  const quantities = guestCartOf(c)?.items ?? []
  if (quantities.length === 0) return { id: null, items: [], total_cents: 0, items_count: 0 }
  const ids = quantities.map(([id]) => id).join(',')
  const found = await jsonOrThrow(products.api.products.batch.$get({ query: { ids } }))
  const current = new Map(found.items.map((product) => [product.id, product]))
  const items = quantities.flatMap(([id, quantity]) => {
    const product = current.get(id)
    if (!product) return []
    const { slug, name, image, price_cents: unit_price_cents, stock: available } = product
    const line_total_cents = unit_price_cents * quantity
    return [{ product_id: id, slug, name, image, unit_price_cents, quantity, line_total_cents, available }]
  })
  return {
    id: null,
    items,
    total_cents: items.reduce((sum, item) => sum + item.line_total_cents, 0),
    items_count: items.reduce((sum, item) => sum + item.quantity, 0),
  }
}

/** Forgets the products that a view of the cart has left out. Returns whether there were any. */
export function forgetWithdrawn(c: Context, { items: sold }: Pick<Cart, 'items'>): boolean {
  const items = new Map(guestCartOf(c)?.items)
  const left = new Map([...items].filter(([id]) => sold.some((item) => item.product_id === id)))
  if (left.size === items.size) return false
  storeItems(c, left)
  return true
}

/**
 * Moves the guest's cart into the cart of the user that the visitor has become, and stores the count of that cart. Until it has
 * succeeded, the guest's cart stays in the session; repeating it adds nothing.
 * @returns what the cart could not take, for people
 * @throws DomainError `UNAVAILABLE`
 */
export async function takeGuestCart(
  { orders }: Pick<FrontendContext, 'orders'>,
  c: Context,
  shopper: Pick<Shopper, 'token'>,
  guestCart: GuestCart | undefined = guestCartOf(c),
): Promise<string[]> {
  if (!guestCart || guestCart.items.length === 0) {
    storeCartCount(c, await jsonOrThrow(orders.api.order.$get({}, asUser(shopper))))
    return []
  }
  sessionOf(c)?.set('guest_cart', guestCart)
  const json = { items: guestCart.items.map(([product_id, quantity]) => ({ product_id, quantity })) }
  const header = { 'idempotency-key': guestCart.key }
  const { cart, not_taken } = await jsonOrThrow(orders.api.order.merge.$post({ header, json }, asUser(shopper)))
  sessionOf(c)?.forget('guest_cart')
  storeCartCount(c, cart)
  const { noLongerSold } = messagesOf(c).cart
  return not_taken.map(({ name }) => name ?? noLongerSold)
}

function checkQuantity({ id, stock }: { id: string; stock: number }, quantity: number, inCart: number): void {
  if (quantity > maxQuantity) throw new DomainError('QUANTITY_LIMIT')
  if (quantity > stock) throw new DomainError('OUT_OF_STOCK', { products: [id], available: stock, in_cart: inCart })
}

// A changed cart is another merge: it gets another key.
function storeItems(c: Context, items: Map<string, number>): void {
  sessionOf(c)?.set('guest_cart', { key: crypto.randomUUID(), items: [...items] })
  const count = [...items.values()].reduce((sum, quantity) => sum + quantity, 0)
  sessionOf(c)?.set('cart_count', count)
}
