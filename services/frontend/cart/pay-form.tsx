import type { FC } from 'hono/jsx'
import { routes } from '../routes'

export interface PayFormProps {
  /** The total that the page shows. */
  expectedTotalCents: number
  /** Stays the same for each retry of this order. */
  idempotencyKey: string
  label: string
}

export const PayForm: FC<PayFormProps> = ({ expectedTotalCents, idempotencyKey, label }) => (
  <form method="post" action={routes.checkoutProcess} data-pay>
    <input type="hidden" name="expected_total_cents" value={expectedTotalCents} />
    <input type="hidden" name="idempotency_key" value={idempotencyKey} />
    <button class="button" type="submit">
      {label}
    </button>
  </form>
)
