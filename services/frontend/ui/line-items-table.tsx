import type { FC } from 'hono/jsx'
import type { LineItem } from '../context'
import { formatPrice } from '../messages/format'
import { fr } from '../messages/fr'
import { paths } from '../routes'
import { LineItemsHead } from './line-items-head'

const texts = fr.cart

/** Lines that can no longer be changed. */
export const LineItemsTable: FC<{ lines: LineItem[]; totalCents: number }> = ({ lines, totalCents }) => (
  <table class="lines">
    <LineItemsHead />
    <tbody>
      {lines.map((line) => (
        <tr>
          <td class="picture">
            <img src={line.image} alt="" width="88" height="88" />
          </td>
          <th scope="row">
            <a href={paths.product(line.slug)}>{line.name}</a>
          </th>
          <td data-label={texts.price}>{formatPrice(line.unit_price_cents)}</td>
          <td data-label={texts.quantity}>{line.quantity}</td>
          <td class="price" data-label={texts.total}>
            {formatPrice(line.line_total_cents)}
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
