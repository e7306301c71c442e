import type { Messages } from '../fr'
import { english as t } from '../typography'

export const orders: Messages['orders'] = {
  title: 'My orders',
  thanks: t`Thank you for your order!`,
  thanksAdvice: t`It is confirmed, and we are already preparing it.`,
  pendingAdvice: t`It is recorded; its confirmation will follow in a moment.`,
  number: 'Order number',
  numbered: (number) => t`Order ${number}`,
  date: 'Date',
  status: 'Status',
  statuses: { pending: 'In progress', confirmed: 'Confirmed', cancelled: 'Cancelled' },
  seeAll: 'See my orders',
  older: 'Older orders',
  empty: t`You have not placed an order yet.`,
}
