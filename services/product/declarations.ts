import type { Declarations, Telemetry } from '@vitrine/telemetry'
import { isNull } from 'drizzle-orm'
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
  events: {
    'product.changed':
      'An administrator created, changed, withdrew or restored a product; `product_changes` has the values',
  },
  attributes: {
    'product.id': { type: 'string', description: 'The product' },
    'product.slug': { type: 'string', description: 'Its slug' },
    'product.action': {
      type: 'string',
      description: 'What an administrator did',
      values: ['create', 'change', 'withdraw', 'restore'],
    },
    'product.changed_fields': { type: 'string[]', description: 'The fields that changed' },
  },
} as const satisfies Declarations

export function createInstruments(telemetry: Telemetry, db: Database): void {
  telemetry.observe(declarations.metrics.stock, async () => {
    const { slug, stock } = products
    const rows = await db.select({ slug, stock }).from(products).where(isNull(products.withdrawnAt))
    return rows.map(({ slug, stock }) => [stock, { 'product.slug': slug }])
  })
}
