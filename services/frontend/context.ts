import type { Telemetry } from '@vitrine/telemetry'
import type { InferResponseType } from 'hono/client'
import type { Faults } from '../../src/faults/faults'
import type { ServiceClient } from '../../src/service-client'
import type { OrderApi } from '../order/app'
import type { ProductApi } from '../product/app'
import type { UserApi } from '../user/app'
import type { PendingRevocations } from './account/pending-revocations'
import type { Instruments } from './declarations'

/** The dependencies of the storefront's routes. */
export interface FrontendContext {
  users: ServiceClient<UserApi>
  products: ServiceClient<ProductApi>
  orders: ServiceClient<OrderApi>
  /** Where sign-outs go while user-service is down; without it they fail then. */
  pendingRevocations?: PendingRevocations | undefined
  telemetry: Telemetry
  instruments: Instruments
  /** Faults to inject; none by default. */
  faults?: Faults | undefined
}

type Users = ServiceClient<UserApi>['api']
type Products = ServiceClient<ProductApi>['api']
type Orders = ServiceClient<OrderApi>['api']

export type Product = InferResponseType<Products['product'][':slugOrId']['$get'], 200>
export type ProductChange = InferResponseType<Products['product'][':id']['changes']['$get'], 200>['items'][number]
export type Cart = InferResponseType<Orders['order']['$get'], 200>
export type Order = InferResponseType<Orders['orders'][':id']['$get'], 200>
export type User = InferResponseType<Users['user']['$get'], 200>
export type SessionInUse = InferResponseType<Users['user']['sessions']['$get'], 200>['items'][number]
export type CartItem = Cart['items'][number]
export type LineItem = Order['items'][number]
export type Login = InferResponseType<Users['user']['login']['$post'], 200>

/** Options of a call in the name of a user. */
export const asUser = ({ token }: { token: string }) => ({ headers: { Authorization: `Bearer ${token}` } })
