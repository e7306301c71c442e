import type { FC } from 'hono/jsx'
import { fr } from '../messages/fr'

const { image, product, price, quantity, total, action } = fr.cart

/** The head of a table of lines; with a column for what can be done to a line, where it can be changed. */
export const LineItemsHead: FC<{ canChange?: boolean }> = ({ canChange = false }) => (
  <thead>
    <tr>
      {[image, product, price, quantity, total, ...(canChange ? [action] : [])].map((title) => (
        <th scope="col">{title}</th>
      ))}
    </tr>
  </thead>
)
