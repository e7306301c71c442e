import type { FC } from 'hono/jsx'
import type { Cart } from '../context'
import { useMessages } from '../messages/messages'
import { routes } from '../routes'
import { LineItemsTable } from '../ui/line-items-table'
import { TraceId } from '../ui/trace-id'
import { PayForm } from './pay-form'
import type { Agreement } from './process-checkout'

/** Shown when the outcome of a checkout is unknown. The form has the same key and total, so that a retry is safe. */
export const Retry: FC<{ cart: Cart | undefined; agreed: Agreement; traceId: string }> = ({
  cart,
  agreed,
  traceId,
}) => {
  const { cart: texts, orders, tryAgain } = useMessages()
  return (
    <>
      <h1>{texts.retry.title}</h1>
      <section class="card recap">
        <div class="notice error" role="alert">
          <div>
            <p>{texts.retry.advice}</p>
          </div>
        </div>
        {cart && cart.items.length > 0 && <LineItemsTable items={cart.items} totalCents={agreed.expectedTotalCents} />}
        <div class="pay">
          <a class="button quiet" href={routes.orders}>
            {orders.seeAll}
          </a>
          <PayForm {...agreed} label={tryAgain} />
        </div>
        <TraceId id={traceId} />
      </section>
    </>
  )
}
