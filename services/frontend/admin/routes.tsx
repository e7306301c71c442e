import { type Context, Hono } from 'hono'
import { DomainError } from '../../../src/problem'
import { jsonOrThrow } from '../../../src/service-client'
import type { FormError } from '../account/form-error'
import type { FormState } from '../account/forms'
import { asUser, type FrontendContext, type Product } from '../context'
import { pathSegment, readForm } from '../form'
import { messagesOf } from '../language'
import { refererPath } from '../referer'
import { paths, routes } from '../routes'
import { flash, requireAdmin, type Shopper } from '../session'
import { page } from '../ui/page'
import { OrderList, UserList } from './lists'
import { NewProduct, ProductEditor } from './product-editor'
import {
  changedFields,
  fingerprintOf,
  parsePieces,
  parseProduct,
  priceField,
  productFormError,
  wrongFields,
} from './product-input'
import { ProductList } from './product-list'

const rowsPerPage = '50'

/** The pages of an administrator. The services check the permission again. */
export function adminRoutes({ users, products, orders, telemetry }: FrontendContext) {
  return new Hono()
    .get(routes.adminProducts, async (c) => {
      requireAdmin(c)
      const found = await jsonOrThrow(products.api.products.$get({ query: pageOf(c) }))
      const body = <ProductList products={found} isWithdrawn={false} />
      return page(c, { title: messagesOf(c).admin.products }, body)
    })
    .get(routes.adminWithdrawn, async (c) => {
      const shopper = requireAdmin(c)
      const found = await jsonOrThrow(products.api.products.withdrawn.$get({ query: pageOf(c) }, asUser(shopper)))
      return page(c, { title: messagesOf(c).admin.withdrawn }, <ProductList products={found} isWithdrawn />)
    })
    .get(routes.adminOrders, async (c) => {
      const query = { ...pageOf(c), scope: 'all' as const }
      const found = await jsonOrThrow(orders.api.orders.$get({ query }, asUser(requireAdmin(c))))
      return page(c, { title: messagesOf(c).admin.orders }, <OrderList orders={found} />)
    })
    .get(routes.adminUsers, async (c) => {
      const found = await jsonOrThrow(users.api.users.$get({ query: pageOf(c) }, asUser(requireAdmin(c))))
      return page(c, { title: messagesOf(c).admin.users }, <UserList users={found} />)
    })
    .get(routes.adminNewProduct, (c) => {
      requireAdmin(c)
      return newProductPage(c, { values: { stock: '0' } })
    })
    .post(routes.adminProducts, async (c) => {
      const shopper = requireAdmin(c)
      const values = await readForm(c)
      const fields = parseProduct(values)
      const stock = parsePieces(values.stock, 0)
      if ('wrong' in fields || stock === undefined) {
        const wrong = [...('wrong' in fields ? fields.wrong : []), ...(stock === undefined ? ['stock'] : [])]
        return newProductPage(c, { values, ...wrongFields(wrong, messagesOf(c)) })
      }
      const json = { ...fields, stock, slug: values.slug?.trim() || undefined }
      try {
        const product = await jsonOrThrow(products.api.product.create.$post({ json }, asUser(shopper)))
        flash(c, { kind: 'success', text: messagesOf(c).admin.created(product.name) })
        return c.redirect(paths.adminProduct(product.id), 303)
      } catch (error) {
        return newProductPage(c, { values, ...productFormError(error, telemetry, messagesOf(c)) })
      }
    })
    .get(routes.adminProduct, async (c) => {
      const shopper = requireAdmin(c)
      const product = await findProduct(idOf(c))
      return editorPage(c, shopper, product, {
        values: valuesOf(product, messagesOf(c).language),
      })
    })
    .post(routes.adminProduct, async (c) => {
      const shopper = requireAdmin(c)
      const id = idOf(c)
      const values = await readForm(c)
      const fields = parseProduct(values)
      if ('wrong' in fields) {
        return editorPage(c, shopper, await findProduct(id), { values, ...wrongFields(fields.wrong, messagesOf(c)) })
      }
      try {
        const changes = changedFields(fields, values.before)
        const isChanged = Object.keys(changes).length > 0
        const product = isChanged ? await patch(shopper, id, changes) : await findProduct(id)
        flash(c, { kind: 'success', text: messagesOf(c).admin.saved(product.name) })
        return c.redirect(paths.adminProduct(id), 303)
      } catch (error) {
        const formError = productFormError(error, telemetry, messagesOf(c))
        return editorPage(c, shopper, await findProduct(id), { values, ...formError })
      }
    })
    .post(routes.adminStock, async (c) => {
      const shopper = requireAdmin(c)
      const id = idOf(c)
      const { pieces, mode } = await readForm(c)
      const { admin: texts } = messagesOf(c)
      const count = parsePieces(pieces, mode === 'set' ? 0 : 1)
      if (count === undefined) return back(c, id, texts.wrong[mode === 'set' ? 'stock' : 'pieces'])
      try {
        const product = await patch(shopper, id, mode === 'set' ? { stock: count } : { restock: count })
        flash(c, { kind: 'success', text: texts.stockNow(product.name, texts.pieces(product.stock)) })
        return c.redirect(refererPath(c) ?? paths.adminProduct(id), 303)
      } catch (error) {
        if (error instanceof DomainError && error.code === 'STOCK_LIMIT') return back(c, id, texts.stockLimit)
        throw error
      }
    })
    .post(routes.adminWithdraw, async (c) => {
      const param = { id: idOf(c) }
      await jsonOrThrow(products.api.product[':id'].$delete({ param }, asUser(requireAdmin(c)))).catch(asNoSuchProduct)
      flash(c, { kind: 'success', text: messagesOf(c).admin.withdrawnNow })
      return c.redirect(routes.adminProducts, 303)
    })
    .post(routes.adminRestore, async (c) => {
      const product = await patch(requireAdmin(c), idOf(c), { withdrawn: false })
      flash(c, { kind: 'success', text: messagesOf(c).admin.restoredNow(product.name) })
      return c.redirect(paths.adminProduct(product.id), 303)
    })

  type Patch = Parameters<(typeof products.api.product)[':id']['$patch']>[0]['json']

  function patch(shopper: Shopper, id: string, json: Patch): Promise<Product> {
    const request = { param: { id }, json }
    return jsonOrThrow(products.api.product[':id'].$patch(request, asUser(shopper))).catch(asNoSuchProduct)
  }

  function findProduct(slugOrId: string): Promise<Product> {
    return jsonOrThrow(products.api.product[':slugOrId'].$get({ param: { slugOrId } })).catch(asNoSuchProduct)
  }

  async function editorPage(c: Context, shopper: Shopper, product: Product, state: PageState): Promise<Response> {
    const { status = 200, retryAfter, ...form } = state
    const request = { param: { id: product.id }, query: { limit: '20' } }
    const changes = await jsonOrThrow(products.api.product[':id'].changes.$get(request, asUser(shopper)))
    const body = <ProductEditor product={product} changes={changes.items} state={form} />
    return page(c, { title: product.name, status, retryAfter, address: paths.adminProduct(product.id) }, body)
  }
}

type PageState = FormState & Partial<Pick<FormError, 'status' | 'retryAfter'>>

function newProductPage(c: Context, { status = 200, retryAfter, ...state }: PageState): Response {
  const options = { title: messagesOf(c).admin.add, status, retryAfter, address: routes.adminNewProduct }
  return page(c, options, <NewProduct state={state} />)
}

const valuesOf = (product: Product, language: string) => ({
  name: product.name,
  description: product.description,
  image: product.image,
  price: priceField(product.price_cents, language),
  before: fingerprintOf(product),
})

function back(c: Context, id: string, text: string): Response {
  flash(c, { kind: 'error', text })
  return c.redirect(refererPath(c) ?? paths.adminProduct(id), 303)
}

function pageOf(c: Context) {
  const cursor = c.req.query('cursor')
  return { limit: rowsPerPage, ...(cursor && { cursor }) }
}

const idOf = (c: Context) => pathSegment(c.req.param('id'), 'NO_SUCH_PRODUCT')

function asNoSuchProduct(error: unknown): never {
  if (error instanceof DomainError && error.code === 'NOT_FOUND') {
    throw new DomainError('NO_SUCH_PRODUCT', {}, { cause: error })
  }
  throw error
}
