import type { FC } from 'hono/jsx'
import type { Product } from '../context'
import { useCatalogLang, useMessages } from '../messages/messages'
import { paths, routes } from '../routes'
import { memoizeByKey } from '../ui/memoize'
import { pageKeyPlaceholder } from '../ui/page-key'
import { StockState } from './stock'

type Level = 'h2' | 'h3'

/** Products as cards with a button, under a heading of the level above. */
export const Cards: FC<{ products: readonly Product[]; level: Level }> = ({ products, level }) => (
  <>
    <form id={addForm} method="post" action={routes.cartAdd} hidden>
      <input type="hidden" name="idempotency_key" value={pageKeyPlaceholder} />
    </form>
    <ul class={level === 'h2' ? 'grid' : 'grid row'}>{products.map((product) => card({ product, level }))}</ul>
  </>
)

// The buttons of all cards submit one form: a form for each card would need a key of its own.
const addForm = 'ajouter'

const card = memoizeByKey(
  ({ product: { id, slug, name, image, price_cents, stock }, level }: { product: Product; level: Level }) =>
    JSON.stringify([id, slug, name, image, price_cents, stock, level]),
  ({ product, level }) => <Card product={product} level={level} />,
)

const Card: FC<{ product: Product; level: Level }> = ({
  product: { id, slug, name, image, price_cents, stock },
  level: Heading,
}) => {
  const { catalog: texts, formatPrice } = useMessages()
  return (
    <li class="card product">
      <img src={image} alt="" width="400" height="400" />
      <Heading lang={useCatalogLang()}>
        <a href={paths.product(slug)}>{name}</a>
      </Heading>
      <p class="facts">
        <StockState stock={stock} />
        <span class="price">{formatPrice(price_cents)}</span>
      </p>
      {stock > 0 && (
        <button
          class="button small full"
          type="submit"
          form={addForm}
          name="product_id"
          value={id}
          aria-label={texts.addOne(name)}
        >
          {texts.addShort}
        </button>
      )}
    </li>
  )
}
