import type { FC } from 'hono/jsx'
import type { LineItem } from '../context'
import { useCatalogLang, useMessages } from '../messages/messages'
import { paths } from '../routes'

/** A read-only table of line items. */
export const LineItemsTable: FC<{ items: LineItem[]; totalCents: number }> = ({ items, totalCents }) => {
  const { cart: texts, formatPrice } = useMessages()
  return (
    <table class="lines">
      <LineItemsHead />
      <tbody>
        {items.map((item) => (
          <tr>
            <td class="picture">
              <img src={item.image} alt="" width="88" height="88" />
            </td>
            <th scope="row" lang={useCatalogLang()}>
              <a href={paths.product(item.slug)}>{item.name}</a>
            </th>
            <td class="number" data-label={texts.price}>
              {formatPrice(item.unit_price_cents)}
            </td>
            <td class="number" data-label={texts.quantity}>
              {item.quantity}
            </td>
            <td class="price" data-label={texts.total}>
              {formatPrice(item.line_total_cents)}
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colspan={4}>
            {texts.grandTotal}
          </th>
          <td class="price">{formatPrice(totalCents)}</td>
        </tr>
      </tfoot>
    </table>
  )
}

/** The head of a table of line items; with a column of actions when the items can be changed. */
export const LineItemsHead: FC<{ canChange?: boolean }> = ({ canChange = false }) => {
  const { image, product, price, quantity, total, action } = useMessages().cart
  return (
    <thead>
      <tr>
        {[image, product].map((title) => (
          <th scope="col">{title}</th>
        ))}
        {[price, quantity, total].map((title) => (
          <th class="number" scope="col">
            {title}
          </th>
        ))}
        {canChange && <th scope="col">{action}</th>}
      </tr>
    </thead>
  )
}
