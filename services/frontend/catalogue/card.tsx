import type { Product } from '../context'
import { formatPrice } from '../messages/format'
import { paths } from '../routes'
import { memoizeByKey } from '../ui/memoize'
import { StockState } from './stock'

/** A product in the grid. */
export const productCard = memoizeByKey(
  ({ slug, name, image, price_cents, stock }: Product) => JSON.stringify([slug, name, image, price_cents, stock]),
  (product) => <Card product={product} />,
)

const Card = ({ product: { slug, name, image, price_cents, stock } }: { product: Product }) => (
  <li class="card product">
    <img src={image} alt="" width="400" height="400" />
    <h2>
      <a href={paths.product(slug)}>{name}</a>
    </h2>
    <p class="facts">
      <span class="price">{formatPrice(price_cents)}</span>
      <StockState stock={stock} />
    </p>
  </li>
)
