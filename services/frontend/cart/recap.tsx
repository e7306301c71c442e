import type { FC } from 'hono/jsx'
import { maxQuantity } from '../../limits'
import type { Cart, LineItem } from '../context'
import { useCatalogLang, useMessages } from '../messages/messages'
import { paths, routes } from '../routes'
import { BinIcon } from '../ui/icons'
import { LineItemsHead } from '../ui/line-items-table'
import { PayForm } from './pay-form'

/** The cart with forms to change and to pay it. With `idempotencyKey`, a repeated submit is the same order. */
export const Recap: FC<{ cart: Cart; idempotencyKey: string }> = ({ cart, idempotencyKey }) =>
  cart.items.length === 0 ? <EmptyCart /> : <FilledCart cart={cart} idempotencyKey={idempotencyKey} />

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

const FilledCart: FC<{ cart: Cart; idempotencyKey: string }> = ({ cart, idempotencyKey }) => {
  const { cart: texts, formatPrice } = useMessages()
  return (
    <>
      <h1>{texts.title}</h1>
      <section class="card recap" data-cart data-failed={texts.unavailable}>
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
              <td class="price" colspan={2} data-cart-total>
                {formatPrice(cart.total_cents)}
              </td>
            </tr>
          </tfoot>
        </table>
        <div class="pay">
          <a class="button quiet" href={routes.products}>
            {texts.keepShopping}
          </a>
          <PayForm expectedTotalCents={cart.total_cents} idempotencyKey={idempotencyKey} label={texts.pay} />
        </div>
        <p class="hint">{texts.payAdvice}</p>
      </section>
    </>
  )
}

const Row: FC<{ line: LineItem }> = ({
  line: { product_id, slug, name, image, unit_price_cents, quantity, ...line },
}) => {
  const { cart: texts, formatPrice } = useMessages()
  return (
    <tr data-line={product_id} data-unit-cents={unit_price_cents}>
      <td class="picture">
        <img src={image} alt="" width="88" height="88" />
      </td>
      <th scope="row" lang={useCatalogLang()}>
        <a href={paths.product(slug)}>{name}</a>
      </th>
      <td data-label={texts.price}>
        <span data-unit-price>{formatPrice(unit_price_cents)}</span>
      </td>
      <td data-label={texts.quantity}>
        <form class="change" method="post" action={paths.cartUpdate(product_id)} data-change>
          <input
            class="quantity"
            type="number"
            name="quantity"
            value={quantity}
            min="1"
            max={maxQuantity}
            inputmode="numeric"
            autocomplete="off"
            required
            aria-label={texts.quantityOf(name)}
          />
          <button class="button small quiet" type="submit">
            {texts.update}
          </button>
        </form>
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
