import type { Declarations, Telemetry } from '@vitrine/telemetry'
import type { Database } from '../../src/database/client'
import { products } from './schema'

/** All that product-service says of its business. */
export const declared = {
  metrics: {
    stock: {
      kind: 'gauge',
      name: 'product.stock',
      unit: '{piece}',
      description: 'Pieces of a product that can be sold',
      labels: { 'product.slug': 'the catalogue' },
    },
  },
  spans: {},
  events: {},
  attributes: {},
} as const satisfies Declarations

export function createSignals(telemetry: Telemetry, db: Database): void {
  telemetry.gauge(declared.metrics.stock, async () => {
    const rows = await db.select({ slug: products.slug, stock: products.stock }).from(products)
    return rows.map(({ slug, stock }) => [stock, { 'product.slug': slug }])
  })
}
