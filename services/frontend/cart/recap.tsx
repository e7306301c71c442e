import type { FC } from 'hono/jsx'
import { maxQuantity } from '../../limits'
import type { Cart, CartItem } from '../context'
import { useCatalogLang, useMessages } from '../messages/messages'
import { paths, routes } from '../routes'
import { BinIcon } from '../ui/icons'
import { LineItemsHead } from '../ui/line-items-table'
import { Stepper } from '../ui/stepper'
import { PayForm } from './pay-form'
import type { Agreement } from './process-checkout'

/** The cart with forms to change and to pay it. Without `agreement`, the visitor must sign in to pay. */
export const Recap: FC<{ cart: Cart; agreement: Agreement | undefined }> = ({ cart, agreement }) =>
  cart.items.length === 0 ? <EmptyCart /> : <FilledCart cart={cart} agreement={agreement} />

const SignInToPay = () => (
  <a class="button" href={`${routes.login}?return_to=${encodeURIComponent(routes.checkout)}`}>
    {useMessages().cart.signInToPay}
  </a>
)

const maxFew = 5

const isShort = ({ quantity, available }: CartItem) => available !== null && quantity > available

const EmptyCart = () => {
  const { cart: texts } = useMessages()
  return (
    <section class="card center">
      <h1>{texts.empty}</h1>
      <p>{texts.emptyAdvice}</p>
      <p class="actions">
        <a class="button" href={routes.products}>
          {texts.goShopping}
        </a>
      </p>
    </section>
  )
}

const FilledCart: FC<{ cart: Cart; agreement: Agreement | undefined }> = ({ cart, agreement }) => {
  const { cart: texts, formatPrice } = useMessages()
  const short = cart.items.filter(isShort).map(({ name }) => name)
  return (
    <>
      <h1>{agreement ? texts.title : texts.guestTitle}</h1>
      <section class="card recap" data-cart data-failed={texts.unavailable} data-wrong={texts.wrongQuantity}>
        {short.length > 0 && <p class="notice error">{texts.shortage(short)}</p>}
        <p class="notice" role="status" data-cart-message />
        <table class="lines">
          <LineItemsHead canChange />
          <tbody>
            {cart.items.map((line) => (
              <Row line={line} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colspan={4}>
                {texts.grandTotal}
              </th>
              <td class="price" data-cart-total>
                {formatPrice(cart.total_cents)}
              </td>
              <td class="remove" />
            </tr>
          </tfoot>
        </table>
        <div class="pay">
          <a class="button quiet" href={routes.products}>
            {texts.keepShopping}
          </a>
          {agreement ? <PayForm {...agreement} label={texts.pay} /> : <SignInToPay />}
        </div>
        <p class="hint">{agreement ? texts.payAdvice : texts.guestAdvice}</p>
      </section>
    </>
  )
}

const Row: FC<{ line: CartItem }> = ({
  line: { product_id, slug, name, image, unit_price_cents, quantity, available, ...line },
}) => {
  const { cart: texts, formatPrice } = useMessages()
  const max = Math.min(Math.max(available ?? maxQuantity, 1), maxQuantity)
  const isFew = available !== null && (available <= maxFew || available < quantity)
  return (
    <tr data-line={product_id} data-unit-cents={unit_price_cents}>
      <td class="picture">
        <img src={image} alt="" width="88" height="88" />
      </td>
      <th scope="row" lang={useCatalogLang()}>
        <a href={paths.product(slug)}>{name}</a>
      </th>
      <td class="number" data-label={texts.price}>
        <span data-unit-price>{formatPrice(unit_price_cents)}</span>
      </td>
      <td class="number" data-label={texts.quantity}>
        <form
          class="change"
          method="post"
          action={paths.cartUpdate(product_id)}
          novalidate
          data-change
          data-left={available !== null && available < maxQuantity ? texts.onlyLeft(available) : undefined}
        >
          <Stepper quantity={quantity} max={max} label={texts.quantityOf(name)} />
          <button class="button small quiet" type="submit">
            {texts.update}
          </button>
        </form>
        {isFew && <span class="stock few">{texts.left(available)}</span>}
      </td>
      <td class="price" data-label={texts.total} data-line-total>
        {formatPrice(line.line_total_cents)}
      </td>
      <td class="remove">
        <form method="post" action={paths.cartRemove(product_id)}>
          <button class="bin" type="submit" title={texts.remove} aria-label={texts.removeOne(name)}>
            <BinIcon />
          </button>
        </form>
      </td>
    </tr>
  )
}
