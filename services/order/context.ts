import type { Telemetry } from '@vitrine/telemetry'
import type { Database, OpenDatabase } from '../../src/database/database'
import { defaultRequestBudgetMs } from '../../src/deadline'
import { createRateLimiter, type RateLimiter } from '../../src/rate-limit'
import type { ServiceClient } from '../../src/service-client'
import type { ProductApi } from '../product/app'
import { createInstruments, type Instruments } from './declarations'
import { rateLimits } from './schema'

/** The points between the steps of a checkout, and before and after the commit of a cart change. A test kills the process there. */
export type Checkpoint =
  | 'order written'
  | 'stock reserved'
  | 'order decided'
  | 'reservation settled'
  | 'cart change written'
  | 'cart changed'

/** The dependencies of order-service's verbs and of the sweep. */
export interface OrderContext {
  db: Database
  products: ServiceClient<ProductApi>
  instruments: Instruments
  limiter: RateLimiter
  telemetry: Telemetry
  /** Milliseconds for settling one order in the sweep; the same as for a request. */
  requestBudgetMs: number
  checkpoint: (name: Checkpoint) => void
}

export interface OrderContextOptions {
  database: OpenDatabase
  products: ServiceClient<ProductApi>
  telemetry: Telemetry
  requestBudgetMs?: number | undefined
  checkpoint?: OrderContext['checkpoint']
  /** The time of the rate limits, in milliseconds since 1970. */
  now?: (() => number) | undefined
}

export const createOrderContext = ({
  database,
  products,
  telemetry,
  requestBudgetMs = defaultRequestBudgetMs,
  checkpoint = () => {},
  now = Date.now,
}: OrderContextOptions): OrderContext => ({
  db: database.db,
  products,
  telemetry,
  requestBudgetMs,
  checkpoint,
  instruments: createInstruments(telemetry),
  limiter: createRateLimiter({ db: database.db, table: rateLimits, telemetry, now }),
})
