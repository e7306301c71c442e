import { buildDashboard } from './build-dashboard'
import { businessTimeSeries, productPanels, refusalAndFailurePanels } from './business-panels'
import { promql, promqlInstant } from './data-sources'
import { stat, timeSeries } from './panels'
import { orZero, quantile, rate, requestDurationMetric, totalInRange } from './promql'

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
