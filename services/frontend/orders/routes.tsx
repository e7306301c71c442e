import { Hono } from 'hono'
import { DomainError } from '../../../src/problem'
import { jsonOrThrow } from '../../../src/service-client'
import { asUser, type FrontendContext, type Order } from '../context'
import { pathSegment } from '../form'
import { messagesOf } from '../language'
import { routes } from '../routes'
import { requireShopper, type Shopper } from '../session'
import { page } from '../ui/page'
import { History } from './history'
import { OrderDetails, ThankYou } from './order'

const ordersPerPage = '20'

export function orderRoutes({ orders, telemetry }: FrontendContext) {
  return new Hono()
    .get(routes.orders, async (c) => {
      const shopper = requireShopper(c)
      const cursor = c.req.query('cursor')
      const query = { limit: ordersPerPage, ...(cursor && { cursor }) }
      const { items, next_cursor } = await jsonOrThrow(orders.api.orders.$get({ query }, asUser(shopper)))
      return page(c, { title: messagesOf(c).orders.title }, <History orders={items} nextCursor={next_cursor} />)
    })
    .get(routes.order, async (c) => {
      const order = await fetchOrder(requireShopper(c), c.req.param('id'))
      return page(c, { title: messagesOf(c).orders.numbered(order.number) }, <OrderDetails order={order} />)
    })
    .get(routes.thankYou, async (c) => {
      const shopper = requireShopper(c)
      const id = c.req.query('order')
      if (!id) return c.redirect(routes.orders, 303)
      const order = await fetchOrder(shopper, id)
      return page(c, { title: messagesOf(c).orders.thanks }, <ThankYou order={order} />)
    })

  async function fetchOrder(shopper: Shopper, id: string): Promise<Order> {
    const param = { id: pathSegment(id, 'NO_SUCH_ORDER') }
    const order = await jsonOrThrow(orders.api.orders[':id'].$get({ param }, asUser(shopper))).catch(asOrderError)
    telemetry.setAttribute('order.id', order.id)
    return order
  }
}

function asOrderError(error: unknown): never {
  if (error instanceof DomainError && error.code === 'NOT_FOUND') {
    throw new DomainError('NO_SUCH_ORDER', {}, { cause: error })
  }
  throw error
}
