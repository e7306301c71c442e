import { type Context, Hono } from 'hono'
import { DomainError } from '../../../src/problem'
import { jsonOrThrow } from '../../../src/service-client'
import { maxQuantity } from '../../limits'
import { asUser, type Cart, type FrontendContext } from '../context'
import { parseInteger, pathSegment, readForm } from '../form'
import { messagesOf } from '../language'
import type { Messages } from '../messages/messages'
import { refererPath } from '../referer'
import { paths, routes } from '../routes'
import { flash, requireShopper, storeCartCount } from '../session'
import { cartChangeError } from './change-error'

export function cartRoutes({ orders, telemetry }: FrontendContext) {
  return new Hono()
    .post(routes.cartAdd, async (c) => {
      const shopper = requireShopper(c)
      const form = await readForm(c)
      const product_id = pathSegment(form.product_id, 'NO_SUCH_PRODUCT')
      try {
        const json = { product_id, quantity: quantityOf(form) }
        const cart = await jsonOrThrow(orders.api.order['add-item'].$post({ json }, asUser(shopper)))
        storeCartCount(c, cart)
        flash(c, { kind: 'success', text: messagesOf(c).flash.added, to_cart: true })
        const slug = cart.items.find((item) => item.product_id === product_id)?.slug
        return c.redirect(slug ? paths.product(slug) : routes.home, 303)
      } catch (error) {
        flash(c, { kind: 'error', text: cartChangeError(error, telemetry, messagesOf(c)).text })
        return c.redirect(refererPath(c) ?? routes.home, 303)
      }
    })
    .post(routes.cartUpdate, async (c) => {
      const shopper = requireShopper(c)
      const form = await readForm(c)
      const param = { productId: pathSegment(c.req.param('productId'), 'NO_SUCH_PRODUCT') }
      try {
        const json = { quantity: quantityOf(form) }
        const cart = await jsonOrThrow(orders.api.order.items[':productId'].$patch({ param, json }, asUser(shopper)))
        return respondWithCart(c, cart, messagesOf(c).flash.cartUpdated)
      } catch (error) {
        return respondWithError(c, error)
      }
    })
    .post(routes.cartRemove, async (c) => {
      const shopper = requireShopper(c)
      const param = { productId: pathSegment(c.req.param('productId'), 'NO_SUCH_PRODUCT') }
      try {
        const cart = await jsonOrThrow(
          orders.api.order['remove-item'][':productId'].$delete({ param }, asUser(shopper)),
        )
        return respondWithCart(c, cart, messagesOf(c).flash.removed)
      } catch (error) {
        return respondWithError(c, error)
      }
    })

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

function quantityOf({ quantity }: Record<string, string | undefined>): number {
  const pieces = parseInteger(quantity, 1, maxQuantity)
  if (pieces === undefined) throw new DomainError('WRONG_QUANTITY')
  return pieces
}
