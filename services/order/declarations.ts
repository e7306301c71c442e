import type { Declarations, Telemetry } from '@vitrine/telemetry'

/** All that order-service says of its business. Counted after the commit. */
export const declarations = {
  metrics: {
    created: {
      kind: 'counter',
      name: 'orders.created',
      unit: '{cart}',
      description: 'Carts opened: the first article put into a new cart',
    },
    itemsAdded: {
      kind: 'counter',
      name: 'cart.items.added',
      unit: '{piece}',
      description: 'Pieces put into carts',
      attributes: { 'product.slug': 'the catalogue' },
    },
    completed: {
      kind: 'counter',
      name: 'orders.checkout.completed',
      unit: '{order}',
      description: 'Orders confirmed',
    },
    refused: {
      kind: 'counter',
      name: 'orders.checkout.refused',
      unit: '{checkout}',
      description: "Checkouts refused: the shop's normal business",
      attributes: { reason: ['out_of_stock', 'price_changed', 'empty_cart'] },
    },
    failed: {
      kind: 'counter',
      name: 'orders.checkout.failed',
      unit: '{checkout}',
      description: 'Checkouts that failed, of those who ask without the storefront',
      attributes: { reason: ['unavailable', 'internal'] },
    },
    basketValue: {
      kind: 'histogram',
      name: 'orders.basket.value',
      unit: 'EUR',
      description: 'Value of confirmed orders',
      buckets: [25, 50, 100, 200, 400, 800, 1600, 3200, 6400],
    },
  },
  spans: {
    order_sweep: { kind: 'internal', description: 'Settles one order that a crash left undecided or untold' },
  },
  events: {
    'order.swept': 'The sweep has settled an order',
  },
  attributes: {
    'order.id': { type: 'string', description: 'An order, opaque' },
    'order.status': {
      type: 'string',
      description: 'Where an order stands',
      values: ['pending', 'confirmed', 'cancelled'],
    },
  },
} as const satisfies Declarations

export function createInstruments(telemetry: Telemetry) {
  const { created, itemsAdded, completed, refused, failed, basketValue } = declarations.metrics
  return {
    created: telemetry.counter(created),
    itemsAdded: telemetry.counter(itemsAdded),
    completed: telemetry.counter(completed),
    refused: telemetry.counter(refused),
    failed: telemetry.counter(failed),
    basketValue: telemetry.histogram(basketValue),
  }
}

export type Instruments = ReturnType<typeof createInstruments>
