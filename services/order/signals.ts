import type { Telemetry } from '@vitrine/telemetry'

const reasons = (...names: string[]) => names.map((reason) => ({ reason }))

/** All that order-service says about its business. Counted after the commit. */
export const createSignals = (telemetry: Telemetry) => ({
  created: telemetry.counter('orders.created', {
    unit: '{cart}',
    description: 'Carts opened: the first article put into a new cart',
  }),
  itemsAdded: telemetry.counter('cart.items.added', {
    unit: '{piece}',
    description: 'Pieces put into carts, by product.slug',
    series: [],
  }),
  completed: telemetry.counter('orders.checkout.completed', {
    unit: '{order}',
    description: 'Orders confirmed',
  }),
  refused: telemetry.counter('orders.checkout.refused', {
    unit: '{checkout}',
    description: "Checkouts refused, by reason: the shop's normal business",
    series: reasons('out_of_stock', 'price_changed', 'empty_cart'),
  }),
  failed: telemetry.counter('orders.checkout.failed', {
    unit: '{checkout}',
    description: 'Checkouts that failed, by reason: what should not happen',
    series: reasons('unavailable', 'internal'),
  }),
  basketValue: telemetry.histogram('orders.basket.value', {
    unit: 'EUR',
    description: 'Value of confirmed orders',
    buckets: [25, 50, 100, 200, 400, 800, 1600, 3200, 6400],
  }),
})

export type Signals = ReturnType<typeof createSignals>
