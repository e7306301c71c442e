import type { Declarations, Telemetry } from '@vitrine/telemetry'

/** The business telemetry of the storefront. The services count what they decide themselves. */
export const declarations = {
  metrics: {
    checkoutFailed: {
      kind: 'counter',
      name: 'orders.checkout.failed',
      unit: '{checkout}',
      description: 'Checkouts of the storefront that failed, after all attempts',
      attributes: { reason: ['unavailable', 'internal'] },
    },
  },
  spans: {
    checkout_validation: { kind: 'internal', description: 'Loads the cart for the checkout page' },
    checkout_process: { kind: 'internal', description: 'Places the order of a submitted form' },
  },
  events: {
    'checkout.started': 'The pay form was submitted',
    'checkout.refused': 'The order was not placed: an expected outcome',
    'checkout.completed': 'The order was placed',
    'revocation.stored': 'A shopper signed out while user-service was down: the token is revoked later',
    'revocation.completed': 'Tokens of earlier sign-outs were revoked',
  },
  attributes: {
    'checkout.status': {
      type: 'string',
      description: 'The result of the validation',
      values: ['valid', 'unauthorized', 'no_order'],
    },
    'process.status': {
      type: 'string',
      description: 'The outcome of placing the order',
      values: [
        'success',
        'unauthorized',
        'no_order',
        'cart_changed',
        'price_changed',
        'out_of_stock',
        'too_many_requests',
        'failed',
      ],
    },
    reason: {
      type: 'string',
      description: 'Why a checkout was refused',
      values: ['unauthorized', 'no_order', 'cart_changed', 'price_changed', 'out_of_stock', 'too_many_requests'],
    },
    'order.id': { type: 'string', description: 'An order, opaque' },
    'order.items_count': { type: 'int', unit: '{piece}', description: 'Pieces in the cart or order' },
    'order.total_cents': { type: 'int', unit: 'EUR cent', description: 'Total of the cart or order' },
    'order.total_price': {
      type: 'double',
      unit: 'EUR',
      description: 'The same total, in EUR. Jaeger searches it without trailing zeros: `449.9`',
    },
    'product.slug': { type: 'string', description: 'The product of the page' },
    'token.count': { type: 'int', unit: '{token}', description: 'Tokens that were revoked' },
  },
} as const satisfies Declarations

export function createInstruments(telemetry: Telemetry) {
  telemetry.exportAsDouble(['order.total_price'])
  return { checkoutFailed: telemetry.counter(declarations.metrics.checkoutFailed) }
}

export type Instruments = ReturnType<typeof createInstruments>
