import type { FC } from 'hono/jsx'
import { maxQuantity } from '../../limits'
import type { Product } from '../context'
import { useCatalogLang, useMessages } from '../messages/messages'
import { routes } from '../routes'
import { Breadcrumb } from '../ui/breadcrumb'
import { CartIcon } from '../ui/icons'
import { Stepper } from '../ui/stepper'
import { ProductRow } from './product-row'
import { StockState } from './stock'

interface DetailsProps {
  product: Product
  related: readonly Product[] | undefined
}

export const Details: FC<DetailsProps> = ({ product, related }) => {
  const { navigation, catalog: texts, formatPrice } = useMessages()
  const lang = useCatalogLang()
  const { slug, name, image } = product
  return (
    <>
      <Breadcrumb
        above={[
          [navigation.home, routes.home],
          [navigation.products, routes.products],
        ]}
        here={name}
      />
      <article class="card details" data-viewed data-slug={slug} data-name={name} data-image={image}>
        <img src={image} alt={name} width="800" height="800" />
        <div>
          <h1 lang={lang}>{name}</h1>
          <p class="facts">
            <span class="price">{formatPrice(product.price_cents)}</span>
            <StockState stock={product.stock} />
          </p>
          <p class="description" lang={lang}>
            {product.description}
          </p>
          {product.stock > 0 ? <AddForm product={product} /> : <p class="notice info">{texts.soldOutAdvice}</p>}
        </div>
      </article>
      <ProductRow title={texts.related} products={related} />
    </>
  )
}

const AddForm: FC<{ product: Product }> = ({ product: { id, stock } }) => {
  const { catalog: texts } = useMessages()
  return (
    <form class="add" method="post" action={routes.cartAdd} novalidate>
      <input type="hidden" name="product_id" value={id} />
      <input type="hidden" name="idempotency_key" value={crypto.randomUUID()} />
      <label for="quantity">{texts.quantity}</label>
      <Stepper id="quantity" quantity={1} max={Math.min(stock, maxQuantity)} />
      <button class="button" type="submit">
        <CartIcon />
        {texts.add}
      </button>
    </form>
  )
}
