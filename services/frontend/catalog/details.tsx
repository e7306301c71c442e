import type { FC } from 'hono/jsx'
import { maxQuantity } from '../../limits'
import type { Product } from '../context'
import { useCatalogLang, useMessages } from '../messages/messages'
import { routes } from '../routes'
import { Breadcrumb } from '../ui/breadcrumb'
import { CartIcon } from '../ui/icons'
import { StockState } from './stock'

export const Details: FC<{ product: Product }> = ({ product }) => {
  const { navigation, catalog: texts, formatPrice } = useMessages()
  const lang = useCatalogLang()
  return (
    <>
      <Breadcrumb
        above={[
          [navigation.home, routes.home],
          [navigation.products, routes.products],
        ]}
        here={product.name}
      />
      <article class="card details">
        <img src={product.image} alt={product.name} width="800" height="800" />
        <div>
          <h1 lang={lang}>{product.name}</h1>
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
    </>
  )
}

const AddForm: FC<{ product: Product }> = ({ product: { id, stock } }) => {
  const { catalog: texts } = useMessages()
  return (
    <form class="add" method="post" action={routes.cartAdd}>
      <input type="hidden" name="product_id" value={id} />
      <label for="quantity">{texts.quantity}</label>
      <input
        id="quantity"
        class="quantity"
        type="number"
        name="quantity"
        value="1"
        min="1"
        max={Math.min(stock, maxQuantity)}
        inputmode="numeric"
        required
      />
      <button class="button" type="submit">
        <CartIcon />
        {texts.add}
      </button>
    </form>
  )
}
