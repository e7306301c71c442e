import { type Context, Hono } from 'hono'
import { DomainError } from '../../../src/problem'
import { jsonOrThrow } from '../../../src/service-client'
import type { FrontendContext } from '../context'
import { pathSegment } from '../form'
import { messagesOf } from '../language'
import { routes } from '../routes'
import { page } from '../ui/page'
import { Details } from './details'
import { grid } from './grid'

const productsPerPage = '24'

export function catalogRoutes({ products, telemetry }: FrontendContext) {
  return new Hono().get(routes.home, list).get(routes.products, list).get(routes.product, details)

  async function list(c: Context): Promise<Response> {
    const cursor = c.req.query('cursor')
    const query = { limit: productsPerPage, ...(cursor && { cursor }) }
    const catalog = await jsonOrThrow(products.api.products.$get({ query })).catch(asCatalogError)
    // Only the first page is memoized: clients can invent any number of cursors.
    const messages = messagesOf(c)
    return page(c, { title: messages.catalog.title, isMemoized: cursor === undefined }, grid(messages, catalog))
  }

  async function details(c: Context): Promise<Response> {
    const slugOrId = pathSegment(c.req.param('slug'), 'NO_SUCH_PRODUCT')
    const product = await jsonOrThrow(products.api.product[':slugOrId'].$get({ param: { slugOrId } })).catch(
      asCatalogError,
    )
    telemetry.setAttribute('product.slug', product.slug)
    return page(c, { title: product.name }, <Details product={product} />)
  }
}

function asCatalogError(error: unknown): never {
  if (!(error instanceof DomainError)) throw error
  if (error.code === 'UNAVAILABLE') throw new DomainError('CATALOG_UNAVAILABLE', {}, { cause: error })
  if (error.code === 'NOT_FOUND') throw new DomainError('NO_SUCH_PRODUCT', {}, { cause: error })
  throw error
}
