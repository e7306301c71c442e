import { promql, promqlInstant } from './data-sources'
import { barGauge, timeSeries } from './panels'
import { currentGauge, rate, totalInRange } from './promql'

export const refusalAndFailurePanels = () => [
  businessTimeSeries({
    title: 'Refused checkouts by reason',
    description: 'Refusals per minute are normal business. Many out_of_stock: stock is missing.',
    unit: 'suffix: per min',
    width: 8,
    queries: [promql(`60 * ${rate('orders_checkout_refused_total', '', 'reason')}`, '{{reason}}')],
  }),
  businessTimeSeries({
    title: 'Failed checkouts by reason',
    description: 'Failures per minute, which should not happen. CheckoutFailures fires above 5%.',
    unit: 'suffix: per min',
    width: 8,
    queries: [
      promql(`60 * ${rate('orders_checkout_failed_total', '', 'service_name, reason')}`, '{{service_name}} {{reason}}'),
    ],
  }),
  businessTimeSeries({
    title: 'Logins by result',
    description: 'Login attempts per minute. Many bad_credentials: a client guesses passwords.',
    unit: 'suffix: per min',
    width: 8,
    queries: [promql(`60 * ${rate('users_logins_total', '', 'result')}`, '{{result}}')],
  }),
]

export const productPanels = () => [
  barGauge({
    title: 'Most requested products',
    description: 'Pieces added to a cart in the time range.',
    unit: 'short',
    decimals: 0,
    width: 12,
    height: 10,
    queries: [
      promqlInstant(`sort_desc(${totalInRange('cart_items_added_total', '', 'product_slug')})`, '{{product_slug}}'),
    ],
  }),
  barGauge({
    title: 'Stock',
    description: 'Pieces that can still be sold. OutOfStockSoon predicts the next hour.',
    unit: 'short',
    decimals: 0,
    width: 12,
    height: 10,
    queries: [promqlInstant(`sort(min by (product_slug) (${currentGauge('product_stock')}))`, '{{product_slug}}')],
  }),
]

/** Orders are rare: a shorter step would draw single spikes. */
export const businessTimeSeries = (spec: Parameters<typeof timeSeries>[0]) => timeSeries(spec).interval('30s')
