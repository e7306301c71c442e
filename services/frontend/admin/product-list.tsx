import type { FC } from 'hono/jsx'
import type { Page } from '../../page'
import type { Product } from '../context'
import { useCatalogLang, useMessages } from '../messages/messages'
import { paths, routes } from '../routes'
import { AdminPage, NextPage } from './admin-page'

/** The products on sale, or the withdrawn ones. */
export const ProductList: FC<{ products: Page<Product>; isWithdrawn: boolean }> = ({ products, isWithdrawn }) => {
  const { admin: texts } = useMessages()
  const path = isWithdrawn ? routes.adminWithdrawn : routes.adminProducts
  return (
    <AdminPage title={isWithdrawn ? texts.withdrawn : texts.products} path={path}>
      <p class="actions start">
        <a class="button" href={routes.adminNewProduct}>
          {texts.add}
        </a>
      </p>
      {products.items.length === 0 ? (
        <p class="card center">{texts.noProducts}</p>
      ) : (
        <section class="card">
          <table class="lines admin">
            <thead>
              <tr>
                <th scope="col" colspan={2}>
                  {texts.product}
                </th>
                <th scope="col" class="number">
                  {texts.price}
                </th>
                <th scope="col" class="number">
                  {texts.stock}
                </th>
                <th scope="col">{texts.actions}</th>
              </tr>
            </thead>
            <tbody>
              {products.items.map((product) => (
                <Row product={product} isWithdrawn={isWithdrawn} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <NextPage path={path} cursor={products.next_cursor} />
    </AdminPage>
  )
}

const Row: FC<{ product: Product; isWithdrawn: boolean }> = ({ product, isWithdrawn }) => {
  const { admin: texts, formatPrice } = useMessages()
  const { id, name, image, price_cents, stock } = product
  return (
    <tr>
      <td class="picture">
        <img src={image} alt="" width="72" height="72" />
      </td>
      <th scope="row" lang={useCatalogLang()}>
        {isWithdrawn ? name : <a href={paths.adminProduct(id)}>{name}</a>}
      </th>
      <td class="number" data-label={texts.price}>
        {formatPrice(price_cents)}
      </td>
      <td class="number" data-label={texts.stock}>
        {texts.pieces(stock)}
      </td>
      <td data-label={texts.actions}>
        {isWithdrawn ? (
          <form method="post" action={paths.adminRestore(id)}>
            <button class="button small quiet" type="submit" aria-label={texts.restoreOne(name)}>
              {texts.restore}
            </button>
          </form>
        ) : (
          <form class="restock" method="post" action={paths.adminStock(id)} novalidate>
            <a class="button small quiet" href={paths.adminProduct(id)} aria-label={texts.editOne(name)}>
              {texts.edit}
            </a>
            <input
              class="quantity"
              name="pieces"
              inputmode="numeric"
              maxlength={7}
              autocomplete="off"
              aria-label={texts.piecesFor(name)}
            />
            <button class="button small quiet" type="submit" name="mode" value="add">
              {texts.addPieces}
            </button>
          </form>
        )}
      </td>
    </tr>
  )
}
