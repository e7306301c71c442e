import type { FC } from 'hono/jsx'
import { routes } from '../routes'
import type { Agreement } from './process-checkout'

/** Pays one cart of one shopper, at the total that the page shows. */
export const PayForm: FC<Agreement & { label: string }> = ({
  expectedTotalCents,
  idempotencyKey,
  cartId,
  shopperId,
  label,
}) => (
  <form method="post" action={routes.checkoutProcess} data-pay>
    <input type="hidden" name="expected_total_cents" value={expectedTotalCents} />
    <input type="hidden" name="idempotency_key" value={idempotencyKey} />
    <input type="hidden" name="cart_id" value={cartId} />
    <input type="hidden" name="shopper_id" value={shopperId} />
    <button class="button" type="submit">
      {label}
    </button>
  </form>
)
