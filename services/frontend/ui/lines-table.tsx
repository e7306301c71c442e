import type { FC } from 'hono/jsx'
import { paths } from '../routes'
import type { Line } from '../shop'
import { price } from '../text/format'
import { fr } from '../text/fr'
import { LinesHead } from './lines-head'

const texts = fr.cart

/** Lines that can no longer be changed. */
export const LinesTable: FC<{ lines: Line[]; totalCents: number }> = ({ lines, totalCents }) => (
  <table class="lines">
    <LinesHead />
    <tbody>
      {lines.map((line) => (
        <tr>
          <td class="picture">
            <img src={line.image} alt="" width="88" height="88" />
          </td>
          <th scope="row">
            <a href={paths.product(line.slug)}>{line.name}</a>
          </th>
          <td data-label={texts.price}>{price(line.unit_price_cents)}</td>
          <td data-label={texts.quantity}>{line.quantity}</td>
          <td class="price" data-label={texts.total}>
            {price(line.line_total_cents)}
          </td>
        </tr>
      ))}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row" colspan={4}>
          {texts.grandTotal}
        </th>
        <td class="price">{price(totalCents)}</td>
      </tr>
    </tfoot>
  </table>
)
