import type { Declarations, Telemetry } from '@vitrine/telemetry'

/** The business telemetry of order-service. Counters count after the commit. */
export const declarations = {
  metrics: {
    created: {
      kind: 'counter',
      name: 'orders.created',
      unit: '{cart}',
      description: 'Carts opened by their first item',
    },
    itemsAdded: {
      kind: 'counter',
      name: 'cart.items.added',
      unit: '{piece}',
      description: 'Pieces added to carts',
      attributes: { 'product.slug': 'the catalog' },
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
      description: 'Checkouts refused: an expected outcome',
      attributes: { reason: ['out_of_stock', 'price_changed', 'empty_cart', 'cart_changed'] },
    },
    failed: {
      kind: 'counter',
      name: 'orders.checkout.failed',
      unit: '{checkout}',
      description: 'Checkouts that failed, of clients other than the storefront',
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
    order_sweep: { kind: 'internal', description: 'Settles one order that a crash left pending or unsettled' },
  },
  events: {
    'order.swept': 'The sweep settled an order',
  },
  attributes: {
    'order.id': { type: 'string', description: 'An order, opaque' },
    'order.status': {
      type: 'string',
      description: 'The status of an order',
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
