import type { FC } from 'hono/jsx'
import type { Order } from '../context'
import { useMessages } from '../messages/messages'
import { paths, routes } from '../routes'
import { Status } from './status'

const maxImages = 4

export const History: FC<{ orders: Order[]; nextCursor: string | null }> = ({ orders, nextCursor }) => {
  const { orders: texts } = useMessages()
  return (
    <>
      <h1>{texts.title}</h1>
      {orders.length === 0 ? (
        <NoOrders />
      ) : (
        <ol class="history">
          {orders.map((order) => (
            <Row order={order} />
          ))}
        </ol>
      )}
      {nextCursor && (
        <p class="actions">
          <a class="button quiet" href={paths.ordersAfter(nextCursor)}>
            {texts.older}
          </a>
        </p>
      )}
    </>
  )
}

const NoOrders = () => {
  const { orders, cart } = useMessages()
  return (
    <section class="card center">
      <p class="big">{orders.empty}</p>
      <p class="actions">
        <a class="button" href={routes.products}>
          {cart.goShopping}
        </a>
      </p>
    </section>
  )
}

const Row: FC<{ order: Order }> = ({ order: { id, number, status, created_at, items, total_cents } }) => {
  const { orders: texts, formatDateTime, formatPrice } = useMessages()
  return (
    <li class="card past">
      <div>
        <h2>
          <a href={paths.order(id)}>{texts.numbered(number)}</a>
        </h2>
        <p class="when">
          <time datetime={created_at}>{formatDateTime(created_at)}</time>
        </p>
      </div>
      <p class="pictures">
        {items.slice(0, maxImages).map((item) => (
          <img src={item.image} alt={item.name} title={item.name} width="48" height="48" />
        ))}
        {items.length > maxImages && <span>+{items.length - maxImages}</span>}
      </p>
      <Status status={status} />
      <p class="price">{formatPrice(total_cents)}</p>
    </li>
  )
}
