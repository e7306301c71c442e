import type { FC } from 'hono/jsx'
import { useMessages } from '../messages/messages'
import { routes } from '../routes'
import { TraceId } from '../ui/trace-id'

const fields = ['product_id', 'quantity', 'idempotency_key'] as const

/** Shown when it is unknown whether a product was added. The form has the same key, so that a retry is safe. */
export const AddRetry: FC<{ form: Record<string, string | undefined>; traceId: string }> = ({ form, traceId }) => {
  const { cart, flash, tryAgain } = useMessages()
  return (
    <section class="card center problem">
      <h1>{cart.addRetry.title}</h1>
      <p>{cart.addRetry.advice}</p>
      <form class="actions" method="post" action={routes.cartAdd}>
        {fields.map((name) => (
          <input type="hidden" name={name} value={form[name] ?? '1'} />
        ))}
        <button class="button" type="submit">
          {tryAgain}
        </button>
        <a class="button quiet" href={routes.checkout}>
          {flash.seeCart}
        </a>
      </form>
      <TraceId id={traceId} />
    </section>
  )
}
