import type { Telemetry } from '@vitrine/telemetry'
import type { InferResponseType } from 'hono/client'
import type { Faults } from '../../src/faults/faults'
import type { serviceClient } from '../../src/service-client'
import type { OrderApi } from '../order/app'
import type { ProductApi } from '../product/app'
import type { UserApi } from '../user/app'
import type { Instruments } from './declarations'

export type UserClient = ReturnType<typeof serviceClient<UserApi>>
export type ProductClient = ReturnType<typeof serviceClient<ProductApi>>
export type OrderClient = ReturnType<typeof serviceClient<OrderApi>>

/** What the pages work with. */
export interface FrontendContext {
  users: UserClient
  products: ProductClient
  orders: OrderClient
  telemetry: Telemetry
  instruments: Instruments
  /** What fails on purpose; nothing by default. */
  faults?: Faults | undefined
}

export type Product = InferResponseType<ProductClient['api']['product'][':slugOrId']['$get'], 200>
export type Cart = InferResponseType<OrderClient['api']['order']['$get'], 200>
export type LineItem = Cart['items'][number]
export type Order = InferResponseType<OrderClient['api']['orders'][':id']['$get'], 200>
export type Login = InferResponseType<UserClient['api']['user']['login']['$post'], 200>

/** The most pieces of one product that a cart takes; order-service says so too. */
export const maxQuantity = 99

/** Says for whom a service is called. */
export const asUser = ({ token }: { token: string }) => ({ headers: { Authorization: `Bearer ${token}` } })
