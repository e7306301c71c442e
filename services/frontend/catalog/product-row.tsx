import type { FC } from 'hono/jsx'
import type { Product } from '../context'
import { Cards } from './card'

/** A row of products with a heading; nothing without products. */
export const ProductRow: FC<{ title: string; products: readonly Product[] | undefined }> = ({
  title,
  products = [],
}) =>
  products.length > 0 ? (
    <section class="section">
      <h2>{title}</h2>
      <Cards products={products} level="h3" />
    </section>
  ) : null
