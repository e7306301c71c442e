import { type Context, Hono } from 'hono'
import { DomainError } from '../../../src/problem'
import { jsonOrThrow } from '../../../src/service-client'
import { maxQuantity } from '../../limits'
import { asUser, type Cart, type FrontendContext } from '../context'
import { idempotencyKeyOf, parseInteger, pathSegment, readForm } from '../form'
import { messagesOf } from '../language'
import type { Messages } from '../messages/messages'
import { refererPath } from '../referer'
import { paths, routes } from '../routes'
import { flash, requireShopper, type Shopper, shopperOf, storeCartCount } from '../session'
import { page } from '../ui/page'
import { AddRetry } from './add-retry'
import { cartChangeError } from './change-error'
import { addToGuestCart, changeGuestItem, guestCartOf, removeGuestItem } from './guest-cart'

interface Addition {
  productId: string
  quantity: number
  /** The key of the page; `undefined` for a form without one. */
  pageKey: string | undefined
}

export function cartRoutes(context: FrontendContext) {
  const { orders, telemetry } = context

  return new Hono()
    .post(routes.cartAdd, async (c) => {
      const form = await readForm(c)
      const productId = pathSegment(form.product_id, 'NO_SUCH_PRODUCT')
      const shopper = shopperOf(c)
      try {
        const addition = { productId, quantity: quantityOf(form), pageKey: idempotencyKeyOf(form) }
        const slug = shopper ? await add(c, shopper, addition) : (await addToGuestCart(context, c, addition)).slug
        flash(c, { kind: 'success', text: messagesOf(c).flash.added, to_cart: true })
        return c.redirect(slug ? paths.product(slug) : routes.home, 303)
      } catch (error) {
        if (isUnknownProduct(error)) throw new DomainError('NO_SUCH_PRODUCT', {}, { cause: error })
        if (shopper && isUnavailable(error) && idempotencyKeyOf(form)) return offerRetry(c, error, form)
        flash(c, { kind: 'error', text: cartChangeError(error, telemetry, messagesOf(c)).text })
        return c.redirect(refererPath(c) ?? routes.home, 303)
      }
    })
    .post(routes.cartUpdate, async (c) => {
      const form = await readForm(c)
      return change(c, messagesOf(c).flash.cartUpdated, (productId, shopper) => {
        const quantity = quantityOf(form)
        if (!shopper) return changeGuestItem(context, c, { productId, quantity })
        const request = { param: { productId }, json: { quantity } }
        return jsonOrThrow(orders.api.order.items[':productId'].$patch(request, asUser(shopper)))
      })
    })
    .post(routes.cartRemove, (c) =>
      change(c, messagesOf(c).flash.removed, (productId, shopper) => {
        if (!shopper) return removeGuestItem(context, c, productId)
        const request = { param: { productId } }
        return jsonOrThrow(orders.api.order['remove-item'][':productId'].$delete(request, asUser(shopper)))
      }),
    )

  async function add(c: Context, shopper: Shopper, addition: Addition): Promise<string | undefined> {
    const { productId: product_id, quantity, pageKey } = addition
    // One page can add several products and quantities: each is a request of its own.
    const header = { 'idempotency-key': pageKey && `${pageKey}.${product_id}.${quantity}` }
    const json = { product_id, quantity }
    const cart = await jsonOrThrow(orders.api.order['add-item'].$post({ header, json }, asUser(shopper)))
    storeCartCount(c, cart)
    return cart.items.find((item) => item.product_id === product_id)?.slug
  }

  // Whether the product was added is unknown: the same form, with the same key, finds it out.
  function offerRetry(c: Context, error: unknown, form: Record<string, string | undefined>): Response {
    telemetry.recordException(error)
    const body = <AddRetry form={form} traceId={telemetry.traceId() ?? ''} />
    return page(c, { title: messagesOf(c).cart.addRetry.title, status: 503 }, body)
  }

  async function change(
    c: Context,
    message: string,
    apply: (productId: string, shopper: Shopper | undefined) => Promise<Cart>,
  ): Promise<Response> {
    const shopper = guestCartOf(c) ? shopperOf(c) : requireShopper(c)
    const productId = pathSegment(c.req.param('productId'), 'NO_SUCH_PRODUCT')
    try {
      return respondWithCart(c, await apply(productId, shopper), message)
    } catch (error) {
      return respondWithError(c, error)
    }
  }

  function respondWithError(c: Context, error: unknown): Response {
    const { text, status } = cartChangeError(error, telemetry, messagesOf(c))
    if (wantsJson(c)) return c.json({ message: text }, status)
    flash(c, { kind: 'error', text })
    return c.redirect(routes.checkout, 303)
  }
}

// assets/cart.js gets JSON; a plain form submit is redirected to the cart.
function respondWithCart(c: Context, cart: Cart, message: string): Response {
  storeCartCount(c, cart)
  if (wantsJson(c)) return c.json(cartForScript(cart, message, messagesOf(c)))
  flash(c, { kind: 'success', text: message })
  return c.redirect(routes.checkout, 303)
}

const cartForScript = ({ items, total_cents, items_count }: Cart, message: string, { formatPrice }: Messages) => ({
  message,
  items: items.map(({ product_id, quantity, unit_price_cents, line_total_cents }) => ({
    product_id,
    quantity,
    unit_price: formatPrice(unit_price_cents),
    unit_price_cents,
    line_total: formatPrice(line_total_cents),
  })),
  total: formatPrice(total_cents),
  total_cents,
  items_count,
})

const wantsJson = (c: Context) => c.req.header('accept')?.startsWith('application/json') === true

// An id that is not a UUID is an invalid request to order-service.
const isUnknownProduct = (error: unknown) =>
  error instanceof DomainError && (error.code === 'NOT_FOUND' || error.code === 'INVALID_REQUEST')

const isUnavailable = (error: unknown) => error instanceof DomainError && error.code === 'UNAVAILABLE'

function quantityOf({ quantity = '1' }: Record<string, string | undefined>): number {
  const pieces = parseInteger(quantity, 1, maxQuantity)
  if (pieces === undefined) throw new DomainError('WRONG_QUANTITY')
  return pieces
}
