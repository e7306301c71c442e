import type { FC } from 'hono/jsx'
import type { Order } from '../shop'
import { fr } from '../text/fr'

export const Status: FC<{ status: Order['status'] }> = ({ status }) => (
  <span class={`badge ${status}`}>{fr.orders.statuses[status]}</span>
)
