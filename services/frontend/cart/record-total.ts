import type { Telemetry } from '@vitrine/telemetry'

/** Records the total of a cart or an order on the current span: in cents, and in EUR for operators who search by price. */
export function recordTotal(telemetry: Telemetry, totalCents: number): void {
  telemetry.setAttribute('order.total_cents', totalCents)
  telemetry.setAttribute('order.total_price', totalCents / 100)
}
