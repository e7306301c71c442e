import type { Telemetry } from '@vitrine/telemetry'

/** What the storefront says about its business beside its spans; the rest is counted where it is decided. */
export const createSignals = (telemetry: Telemetry) => ({
  checkoutFailed: telemetry.counter('orders.checkout.failed', {
    unit: '{checkout}',
    description: 'Checkouts that failed, by reason: here those that order-service never answered',
    series: [{ reason: 'unavailable' }],
  }),
})

export type Signals = ReturnType<typeof createSignals>
