import type { FC } from 'hono/jsx'
import type { Order } from '../context'
import { useMessages } from '../messages/messages'
import { routes } from '../routes'
import { Breadcrumb } from '../ui/breadcrumb'
import { CheckIcon } from '../ui/icons'
import { LineItemsTable } from '../ui/line-items-table'
import { Status } from './status'

export const OrderDetails: FC<{ order: Order }> = ({ order }) => {
  const { navigation, orders: texts } = useMessages()
  return (
    <>
      <Breadcrumb
        above={[
          [navigation.home, routes.home],
          [texts.title, routes.orders],
        ]}
        here={order.number}
      />
      <h1>{texts.numbered(order.number)}</h1>
      <section class="card recap">
        <OrderFacts order={order} />
        <LineItemsTable items={order.items} totalCents={order.total_cents} />
      </section>
    </>
  )
}

export const ThankYou: FC<{ order: Order }> = ({ order }) => {
  const { cart, orders: texts } = useMessages()
  return (
    <section class="card recap thanks">
      <div class="center">
        <p class="seal">
          <CheckIcon />
        </p>
        <h1>{texts.thanks}</h1>
        <p>{order.status === 'pending' ? texts.pendingAdvice : texts.thanksAdvice}</p>
      </div>
      <OrderFacts order={order} />
      <LineItemsTable items={order.items} totalCents={order.total_cents} />
      <p class="actions">
        <a class="button" href={routes.products}>
          {cart.keepShopping}
        </a>
        <a class="button quiet" href={routes.orders}>
          {texts.seeAll}
        </a>
      </p>
    </section>
  )
}

const OrderFacts: FC<{ order: Order }> = ({ order: { number, created_at, status } }) => {
  const { orders: texts, formatDateTime } = useMessages()
  return (
    <dl class="order-facts">
      <div>
        <dt>{texts.number}</dt>
        <dd>
          <strong>{number}</strong>
        </dd>
      </div>
      <div>
        <dt>{texts.date}</dt>
        <dd>
          <time datetime={created_at}>{formatDateTime(created_at)}</time>
        </dd>
      </div>
      <div>
        <dt>{texts.status}</dt>
        <dd>
          <Status status={status} />
        </dd>
      </div>
    </dl>
  )
}
