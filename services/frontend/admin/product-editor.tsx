import type { FC } from 'hono/jsx'
import type { FormState } from '../account/forms'
import type { Product, ProductChange } from '../context'
import { useMessages } from '../messages/messages'
import { paths, routes } from '../routes'
import { AdminPage } from './admin-page'
import { ProductForm } from './product-form'

/** The page of a new product. */
export const NewProduct: FC<{ state: FormState }> = ({ state }) => (
  <AdminPage title={useMessages().admin.add} path={routes.adminNewProduct}>
    <ProductForm action={routes.adminProducts} isNew state={state} />
  </AdminPage>
)

/** The page of an existing product: its fields, its stock, its end, and what was done to it. */
export const ProductEditor: FC<{ product: Product; changes: ProductChange[]; state: FormState }> = ({
  product,
  changes,
  state,
}) => {
  const { admin: texts } = useMessages()
  return (
    <AdminPage title={product.name} path={paths.adminProduct(product.id)}>
      <div class="account-parts">
        <ProductForm action={paths.adminProduct(product.id)} isNew={false} state={state} />
        <div class="stack">
          <Stock product={product} />
          <section class="card">
            <p class="actions start">
              <a class="button small quiet" href={paths.product(product.slug)}>
                {texts.seeInShop}
              </a>
            </p>
            <form method="post" action={paths.adminWithdraw(product.id)}>
              <button class="button small quiet danger" type="submit">
                {texts.withdraw}
              </button>
            </form>
          </section>
          <History changes={changes} />
        </div>
      </div>
    </AdminPage>
  )
}

const Stock: FC<{ product: Product }> = ({ product: { id, stock } }) => {
  const { admin: texts } = useMessages()
  return (
    <section class="card">
      <h2>{texts.restock}</h2>
      <p class="intro">{texts.pieces(stock)}</p>
      <form class="restock" method="post" action={paths.adminStock(id)} novalidate>
        <label for="pieces">{texts.fields.pieces}</label>
        <input
          id="pieces"
          class="quantity"
          name="pieces"
          inputmode="numeric"
          maxlength={7}
          autocomplete="off"
          required
        />
        <button class="button small" type="submit" name="mode" value="add">
          {texts.addPieces}
        </button>
        <button class="button small quiet" type="submit" name="mode" value="set">
          {texts.setPieces}
        </button>
      </form>
    </section>
  )
}

const History: FC<{ changes: ProductChange[] }> = ({ changes }) => {
  const { admin: texts, formatDateTime } = useMessages()
  return (
    <section class="card">
      <h2>{texts.history}</h2>
      {changes.length === 0 ? (
        <p class="intro">{texts.noHistory}</p>
      ) : (
        <ol class="sessions">
          {changes.map(({ action, before, after, changed_at }) => (
            <li>
              <strong>{texts.actionNames[action]}</strong>
              <time class="when" datetime={changed_at}>
                {formatDateTime(changed_at)}
              </time>
              {action === 'change' && <Changed before={before} after={after} />}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

type Values = Record<string, unknown>

const Changed: FC<{ before: Values; after: Values }> = ({ before, after }) => {
  const { admin: texts, formatPrice } = useMessages()
  const labels: Record<string, string> = { ...texts.fields, price_cents: texts.price, stock: texts.stock }
  const show = (field: string, value: unknown) =>
    field === 'price_cents' && typeof value === 'number' ? formatPrice(value) : String(value ?? '–')
  return (
    <ul class="changed">
      {Object.keys(after).map((field) => (
        <li>{texts.changed(labels[field] ?? field, show(field, before[field]), show(field, after[field]))}</li>
      ))}
    </ul>
  )
}
