import { buildDashboard } from './build-dashboard'
import { promql, promqlInstant } from './data-sources'
import { barGauge, stat, timeSeries } from './panels'
import { currentGauge, orZero, quantile, rate, requestDurationMetric, totalInRange } from './promql'

const completed = 'orders_checkout_completed_total'
const created = 'orders_created_total'
const basket = 'orders_basket_value_EUR'
/**
 * Over the window of LowConversion, because a cart takes minutes to become an order. Without carts there is no value. It is
 * clamped to 1, because carts created before the window may be paid for within it.
 */
const conversion = `clamp_max((sum(increase(${completed}[30m])) or vector(0)) / (sum(increase(${created}[30m])) > 0), 1)`

/** Business figures and what may explain them. */
export const business = () =>
  buildDashboard({
    name: 'business',
    title: 'Shop',
    description: 'Orders, conversion, basket value, products, and what prevents payment.',
    sections: [
      { title: 'In the time range', panels: period() },
      { title: 'Orders', panels: orders() },
      { title: 'What prevents payment', panels: refusalAndFailurePanels() },
      { title: 'Products', panels: productPanels() },
    ],
  })

const period = () => [
  stat({
    title: 'Orders',
    description: 'Confirmed orders in the time range.',
    unit: 'short',
    decimals: 0,
    width: 6,
    queries: [promqlInstant(orZero(totalInRange(completed)), 'orders')],
  }),
  stat({
    title: 'Revenue',
    description: 'Value of the confirmed orders in the time range.',
    unit: 'currencyEUR',
    decimals: 2,
    width: 6,
    queries: [promqlInstant(orZero(totalInRange(`${basket}_sum`)), 'euros')],
  }),
  stat({
    title: 'Average order',
    description: 'Average value of a confirmed order in the time range.',
    unit: 'currencyEUR',
    decimals: 2,
    width: 6,
    queries: [
      promqlInstant(orZero(`${totalInRange(`${basket}_sum`)} / (${totalInRange(`${basket}_count`)} > 0)`), 'euros'),
    ],
  }),
  stat({
    title: 'Conversion',
    description: 'Confirmed orders per created cart, over 30 minutes. LowConversion fires below 20%.',
    unit: 'percentunit',
    width: 6,
    emptyWhile: 'no cart is created',
    queries: [promqlInstant(conversion, 'conversion')],
  }),
]

const orders = () => [
  businessTimeSeries({
    title: 'Orders per minute',
    description: 'Created carts and confirmed orders per minute.',
    unit: 'suffix: per min',
    width: 12,
    queries: [
      promql(orZero(`60 * ${rate(created, '')}`), 'created carts'),
      promql(orZero(`60 * ${rate(completed, '')}`), 'confirmed orders'),
    ],
  }),
  businessTimeSeries({
    title: 'Revenue per minute',
    description: 'Value of the confirmed orders, per minute.',
    unit: 'currencyEUR',
    width: 12,
    queries: [promql(orZero(`60 * ${rate(`${basket}_sum`, '')}`), 'euros per minute')],
  }),
  timeSeries({
    title: 'Conversion and checkout duration',
    description:
      'Conversion over 30 minutes (left) and the 95th percentile of the checkout request (right): a slow checkout costs orders.',
    unit: 'percentunit',
    width: 24,
    emptyWhile: 'no cart is created and no checkout is made',
    queries: [
      promql(conversion, 'conversion'),
      promql(
        quantile(0.95, requestDurationMetric, 'service_name="frontend", http_route="/checkout/process"'),
        '95th percentile of the checkout',
      ),
    ],
  }).overrideByQuery('B', [
    { id: 'unit', value: 's' },
    { id: 'custom.axisPlacement', value: 'right' },
  ]),
]

const refusalAndFailurePanels = () => [
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

const productPanels = () => [
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
const businessTimeSeries = (spec: Parameters<typeof timeSeries>[0]) => timeSeries(spec).interval('30s')
