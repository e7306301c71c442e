import type { Declarations, Telemetry } from '@vitrine/telemetry'
import type { Database } from '../../src/database/database'
import { products } from './schema'

/** The business telemetry of product-service. */
export const declarations = {
  metrics: {
    stock: {
      kind: 'gauge',
      name: 'product.stock',
      unit: '{piece}',
      description: 'Pieces of a product in stock',
      attributes: { 'product.slug': 'the catalog' },
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
