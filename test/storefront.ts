import type { Hono } from 'hono'
import { createFrontendApp } from '../services/frontend/app'
import type { OrderApi } from '../services/order/app'
import type { ProductApi } from '../services/product/app'
import type { UserApi } from '../services/user/app'
import { serviceClient } from '../src/client'
import { call, openShop, type Shop, type ShopOptions, serviceKey } from './shop'
import { shopper } from './shopper'

/** The whole shop in one process: the three services and the storefront before them, and a shopper at its door. */
export async function openStorefront(options: ShopOptions = {}) {
  const shop = await openShop(options)
  const frontend = storefrontOf(shop)
  const origin = 'http://localhost:5000'
  return { ...shop, frontend, shopper: () => shopper(origin, (url, init) => frontend.request(url, init)) }
}

function storefrontOf({ seen, users, products, orders }: Shop) {
  const telemetry = seen.telemetry('frontend')
  const to = (peer: string, app: unknown) => ({
    telemetry,
    serviceKey,
    peer,
    url: `http://${peer}`,
    fetch: call(app as Hono),
  })
  return createFrontendApp({
    telemetry,
    serviceKey,
    sessionSecret: 'test-session-secret-of-32-characters',
    users: serviceClient<UserApi>(to('user-service', users)),
    products: serviceClient<ProductApi>(to('product-service', products)),
    orders: serviceClient<OrderApi>(to('order-service', orders)),
  })
}
