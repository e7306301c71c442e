import type { FC } from 'hono/jsx'
import type { Order } from '../context'
import { useMessages } from '../messages/messages'

export const Status: FC<{ status: Order['status'] }> = ({ status }) => (
  <span class={`badge ${status}`}>{useMessages().orders.statuses[status]}</span>
)
