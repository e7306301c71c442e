import type { FC } from 'hono/jsx'
import type { Page } from '../../page'
import type { Product } from '../context'
import { useCatalogLang, useMessages } from '../messages/messages'
import { paths } from '../routes'
import { memoizeByKey, memoizeByObject } from '../ui/memoize'
import { StockState } from './stock'

export const grid = memoizeByObject((products: Page<Product>) => <Grid products={products} />)

const Grid: FC<{ products: Page<Product> }> = ({ products: { items, next_cursor } }) => {
  const { catalog: texts } = useMessages()
  return (
    <>
      <div class="hero">
        <h1>{texts.title}</h1>
        <p>{texts.intro}</p>
      </div>
      {items.length === 0 ? <p class="card center">{texts.empty}</p> : <ul class="grid">{items.map(productCard)}</ul>}
      {next_cursor && (
        <p class="actions">
          <a class="button quiet" href={paths.productsAfter(next_cursor)}>
            {texts.more}
          </a>
        </p>
      )}
    </>
  )
}

/** A product in the grid. */
const productCard = memoizeByKey(
  ({ slug, name, image, price_cents, stock }: Product) => JSON.stringify([slug, name, image, price_cents, stock]),
  (product) => <Card product={product} />,
)

const Card: FC<{ product: Product }> = ({ product: { slug, name, image, price_cents, stock } }) => (
  <li class="card product">
    <img src={image} alt="" width="400" height="400" />
    <h2 lang={useCatalogLang()}>
      <a href={paths.product(slug)}>{name}</a>
    </h2>
    <p class="facts">
      <span class="price">{useMessages().formatPrice(price_cents)}</span>
      <StockState stock={stock} />
    </p>
  </li>
)
