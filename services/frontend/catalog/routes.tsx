import { type Context, Hono } from 'hono'
import { jsonOrThrow } from '../../../src/service-client'
import type { FrontendContext, Product } from '../context'
import { pathSegment } from '../form'
import { messagesOf } from '../language'
import { originOf } from '../origin'
import { paths, routes } from '../routes'
import { productData } from '../seo/structured-data'
import { page } from '../ui/page'
import { asCatalogError } from './catalog-error'
import { catalogQueryOf, productsPath } from './catalog-query'
import { Details } from './details'
import { Grid, gridOf } from './grid'
import { relatedProducts } from './related'

const productsPerPage = '24'

export function catalogRoutes(context: FrontendContext) {
  const { products, telemetry } = context
  const findRelated = relatedProducts(context)
  return new Hono().get(routes.products, list).get(routes.product, details)

  async function list(c: Context): Promise<Response> {
    const requested = catalogQueryOf(c)
    const query = { limit: productsPerPage, ...requested }
    const found = await jsonOrThrow(products.api.products.$get({ query })).catch(asCatalogError)
    const messages = messagesOf(c)
    const { title, resultsFor, description } = messages.catalog
    const { q, sort, cursor } = requested
    const address = productsPath(requested)
    // Clients can invent any number of searches and cursors: neither is memoized, nor is it for search engines.
    if (q || cursor) {
      const options = { title: q ? resultsFor(q) : title, address }
      return page(c, options, <Grid products={found} query={requested} />)
    }
    const seo = { description, path: routes.products }
    return page(c, { title, address, seo, isMemoized: true }, gridOf(sort)(messages, found))
  }

  async function details(c: Context): Promise<Response> {
    const slugOrId = pathSegment(c.req.param('slug'), 'NO_SUCH_PRODUCT')
    const product = await jsonOrThrow(products.api.product[':slugOrId'].$get({ param: { slugOrId } })).catch(
      asCatalogError,
    )
    telemetry.setAttribute('product.slug', product.slug)
    const related = await findRelated(product.id)
    const options = { title: product.name, scripts: ['stepper.js', 'viewed.js'], seo: seoOf(c, product) }
    return page(c, options, <Details product={product} related={related} />)
  }
}

function seoOf(c: Context, product: Product) {
  const { description, image, slug } = product
  const data = productData(product, originOf(c), messagesOf(c))
  return { description, image, path: paths.product(slug), type: 'product', data }
}
