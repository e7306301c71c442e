import type { Declarations, Telemetry } from '@vitrine/telemetry'
import type { Database } from '../../src/database/database'
import { products } from './schema'

/** All that product-service says of its business. */
export const declarations = {
  metrics: {
    stock: {
      kind: 'gauge',
      name: 'product.stock',
      unit: '{piece}',
      description: 'Pieces of a product that can be sold',
      attributes: { 'product.slug': 'the catalogue' },
    },
  },
  spans: {},
  events: {},
  attributes: {},
} as const satisfies Declarations

export function createInstruments(telemetry: Telemetry, db: Database): void {
  telemetry.observe(declarations.metrics.stock, async () => {
    const rows = await db.select({ slug: products.slug, stock: products.stock }).from(products)
    return rows.map(({ slug, stock }) => [stock, { 'product.slug': slug }])
  })
}
