import type { FC } from 'hono/jsx'
import { maxQuantity } from '../../limits'
import type { Product } from '../context'
import { formatPrice } from '../messages/format'
import { fr } from '../messages/fr'
import { routes } from '../routes'
import { Breadcrumb } from '../ui/breadcrumb'
import { CartIcon } from '../ui/icons'
import { StockState } from './stock'

const texts = fr.catalog

export const Details: FC<{ product: Product }> = ({ product }) => (
  <>
    <Breadcrumb
      above={[
        [fr.navigation.home, routes.home],
        [fr.navigation.products, routes.products],
      ]}
      here={product.name}
    />
    <article class="card details">
      <img src={product.image} alt={product.name} width="800" height="800" />
      <div>
        <h1>{product.name}</h1>
        <p class="facts">
          <span class="price">{formatPrice(product.price_cents)}</span>
          <StockState stock={product.stock} />
        </p>
        <p class="description">{product.description}</p>
        {product.stock > 0 ? <AddForm product={product} /> : <p class="notice info">{texts.soldOutAdvice}</p>}
      </div>
    </article>
  </>
)

const AddForm: FC<{ product: Product }> = ({ product: { id, stock } }) => (
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
