import type { FC } from 'hono/jsx'
import type { Order } from '../context'
import { fr } from '../messages/fr'

export const Status: FC<{ status: Order['status'] }> = ({ status }) => (
  <span class={`badge ${status}`}>{fr.orders.statuses[status]}</span>
)
