import type { Telemetry } from '@vitrine/telemetry'
import type { Database } from '../../src/database/client'
import { products } from './schema'

/** All that product-service says about its business. */
export function createSignals(telemetry: Telemetry, db: Database): void {
  telemetry.gauge(
    'product.stock',
    { unit: '{piece}', description: 'Pieces of a product that can be sold' },
    async () => {
      const rows = await db.select({ slug: products.slug, stock: products.stock }).from(products)
      return rows.map(({ slug, stock }) => [stock, { 'product.slug': slug }])
    },
  )
}
