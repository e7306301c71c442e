import type { Declarations, Telemetry } from '@vitrine/telemetry'

/** What the storefront says of its business; the rest is counted where it is decided. */
export const declarations = {
  metrics: {
    checkoutFailed: {
      kind: 'counter',
      name: 'orders.checkout.failed',
      unit: '{checkout}',
      description: 'Checkouts of the storefront that failed, however often it tried: what should not happen',
      attributes: { reason: ['unavailable', 'internal'] },
    },
  },
  spans: {
    checkout_validation: { kind: 'internal', description: 'Whether there is something to pay, before it is shown' },
    checkout_process: { kind: 'internal', description: 'Places the order of a submitted form; failed when it fails' },
  },
  events: {
    'checkout.started': 'A form was submitted to pay',
    'checkout.refused': "The order was not placed, for a reason of the shop's normal business",
    'checkout.completed': 'The order was placed',
  },
  attributes: {
    'checkout.status': {
      type: 'string',
      description: 'What the validation found',
      values: ['valid', 'unauthorized', 'no_order'],
    },
    'process.status': {
      type: 'string',
      description: 'How placing the order ended',
      values: ['success', 'unauthorized', 'no_order', 'price_changed', 'out_of_stock', 'failed'],
    },
    reason: {
      type: 'string',
      description: 'Why a checkout was refused',
      values: ['unauthorized', 'no_order', 'price_changed', 'out_of_stock'],
    },
    'order.id': { type: 'string', description: 'An order, opaque' },
    'order.items_count': { type: 'int', unit: '{piece}', description: 'Pieces in the cart or order' },
    'order.total_cents': { type: 'int', unit: 'EUR cent', description: 'What the cart or order costs' },
    'product.slug': { type: 'string', description: 'The product that is looked at' },
  },
} as const satisfies Declarations

export const createInstruments = (telemetry: Telemetry) => ({
  checkoutFailed: telemetry.counter(declarations.metrics.checkoutFailed),
})

export type Instruments = ReturnType<typeof createInstruments>
