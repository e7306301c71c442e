import type { FC } from 'hono/jsx'
import type { Page } from '../../page'
import type { Order, User } from '../context'
import { useMessages } from '../messages/messages'
import { Status } from '../orders/status'
import { paths, routes } from '../routes'
import { AdminPage, NextPage } from './admin-page'

/** The accounts, newest first. */
export const UserList: FC<{ users: Page<User> }> = ({ users }) => {
  const { admin: texts } = useMessages()
  return (
    <AdminPage title={texts.users} path={routes.adminUsers}>
      <section class="card">
        <table class="lines admin">
          <thead>
            <tr>
              {[texts.username, texts.person, texts.email, texts.role].map((title) => (
                <th scope="col">{title}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {users.items.map(({ username, first_name, last_name, email, is_admin }) => (
              <tr>
                <th scope="row">{username}</th>
                <td data-label={texts.person}>
                  {first_name} {last_name}
                </td>
                <td data-label={texts.email}>{email}</td>
                <td class="role" data-label={texts.role}>
                  {is_admin ? texts.administrator : texts.shopper}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <NextPage path={routes.adminUsers} cursor={users.next_cursor} />
    </AdminPage>
  )
}

/** The orders of all shoppers, newest first. */
export const OrderList: FC<{ orders: Page<Order> }> = ({ orders }) => {
  const { admin: texts, articles, formatDateTime, formatPrice } = useMessages()
  return (
    <AdminPage title={texts.orders} path={routes.adminOrders}>
      {orders.items.length === 0 ? (
        <p class="card center">{texts.noOrders}</p>
      ) : (
        <section class="card">
          <table class="lines admin">
            <thead>
              <tr>
                {[texts.order, texts.date, texts.status].map((title) => (
                  <th scope="col">{title}</th>
                ))}
                {[texts.items, texts.total].map((title) => (
                  <th scope="col" class="number">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {orders.items.map(({ id, number, created_at, status, items, total_cents }) => (
                <tr>
                  <th scope="row">
                    <a href={paths.order(id)}>{number}</a>
                  </th>
                  <td data-label={texts.date}>
                    <time datetime={created_at}>{formatDateTime(created_at)}</time>
                  </td>
                  <td data-label={texts.status}>
                    <Status status={status} />
                  </td>
                  <td class="number" data-label={texts.items}>
                    {articles(items.reduce((sum, item) => sum + item.quantity, 0))}
                  </td>
                  <td class="price number" data-label={texts.total}>
                    {formatPrice(total_cents)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <NextPage path={routes.adminOrders} cursor={orders.next_cursor} />
    </AdminPage>
  )
}
