import type { Telemetry } from '@vitrine/telemetry'
import type { Database } from '../../src/database/database'
import type { serviceClient } from '../../src/service-client'
import type { ProductApi } from '../product/app'
import type { Instruments } from './declarations'

export type ProductClient = ReturnType<typeof serviceClient<ProductApi>>

/** Where a checkout can be cut off between its steps; a test kills the process there. */
export type Checkpoint = 'order written' | 'stock reserved' | 'order decided' | 'reservation settled'

/** What the verbs of order-service work with. */
export interface OrderContext {
  db: Database
  products: ProductClient
  instruments: Instruments
  telemetry: Telemetry
  /** Milliseconds that settling one order may take, as a request may. */
  requestBudgetMs: number
  checkpoint: (name: Checkpoint) => void
}
