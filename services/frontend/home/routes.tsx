import { Hono } from 'hono'
import { jsonOrThrow } from '../../../src/service-client'
import type { Page } from '../../page'
import { asCatalogError } from '../catalog/catalog-error'
import { findOnSale, rankedLimit, rowSize } from '../catalog/find-on-sale'
import { createOptional } from '../catalog/optional'
import type { FrontendContext, Product } from '../context'
import { messagesOf } from '../language'
import { originOf } from '../origin'
import { routes } from '../routes'
import { shopData } from '../seo/structured-data'
import { page } from '../ui/page'
import { type HomeProducts, shopWindow } from './shop-window'

const newestQuery = { sort: 'newest', limit: String(rowSize) } as const

export function homeRoutes(context: FrontendContext) {
  const { orders, products, telemetry } = context
  const findMostBought = createOptional<Product[]>(telemetry, async () => {
    const query = { limit: String(rankedLimit) }
    const { product_ids } = await jsonOrThrow(orders.api['most-bought'].$get({ query }))
    return findOnSale(context, product_ids)
  })

  return new Hono().get(routes.home, async (c) => {
    const [newest, mostBought] = await Promise.all([findNewest(), findMostBought()])
    const messages = messagesOf(c)
    const { title, description } = messages.catalog
    const options = { title, isMemoized: true, seo: { description, path: routes.home, data: shopData(originOf(c)) } }
    return page(c, options, shopWindow(messages, combine(newest, mostBought)))
  })

  async function findNewest(): Promise<Page<Product>> {
    return jsonOrThrow(products.api.products.$get({ query: newestQuery })).catch(asCatalogError)
  }
}

const combined = new WeakMap<Page<Product>, HomeProducts>()

// The same object while nothing has changed, so that the page is memoized by it.
function combine(newest: Page<Product>, mostBought: Product[] | undefined): HomeProducts {
  const latest = combined.get(newest)
  if (latest && latest.mostBought === mostBought) return latest
  const shown = { newest: newest.items, mostBought }
  if (Object.isFrozen(newest)) combined.set(newest, Object.freeze(shown))
  return shown
}
