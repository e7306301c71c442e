import { raw } from 'hono/html'
import { paths } from '../routes'
import type { Product } from '../shop'
import { price } from '../text/format'
import { StockState } from './stock'

// Rendering ten cards is most of what a home page costs; a product seldom changes between two of them.
const rendered = new Map<string, string>()
const mostRendered = 1000

/** A product in the grid. */
export function productCard(product: Product) {
  const key = JSON.stringify(product)
  const known = rendered.get(key) ?? String(<Card product={product} />)
  if (rendered.size >= mostRendered) rendered.clear()
  rendered.set(key, known)
  return raw(known)
}

const Card = ({ product: { slug, name, image, price_cents, stock } }: { product: Product }) => (
  <li class="card product">
    <img src={image} alt="" width="400" height="400" />
    <h2>
      <a href={paths.product(slug)}>{name}</a>
    </h2>
    <p class="facts">
      <span class="price">{price(price_cents)}</span>
      <StockState stock={stock} />
    </p>
  </li>
)
