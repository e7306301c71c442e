import { minStockMetric } from '../slo'
import { type Alert, and, or } from './alert'
import { label, value } from './placeholders'

const failed = (window: string) => `sum(increase(orders_checkout_failed_total[${window}]))`
// `or vector(0)`: while order-service is down, its counter has no increase to sum, and the storefront still counts failures.
const completed = (window: string) => `(sum(increase(orders_checkout_completed_total[${window}])) or vector(0))`
const failedShare = (window: string) => `${failed(window)} / (${failed(window)} + ${completed(window)})`
const opened = 'sum(increase(orders_created_total[30m]))'

export const shopAlerts: Alert[] = [
  {
    name: 'CheckoutFailures',
    severity: 'critical',
    perService: false,
    // Refusals are neither failed nor completed. Few orders never give three failures in a minute: then more than half of 15
    // minutes' orders must have failed, and one within five minutes.
    expr: or(
      and(`${failedShare('1m')} > 0.05`, `${failed('1m')} >= 3`),
      and(`${failedShare('15m')} > 0.5`, `${failed('15m')} + ${completed('15m')} >= 5`, `${failed('5m')} > 0`),
    ),
    for: '5s',
    summary: 'Orders fail',
    description: `${value.percent} of recent checkouts failed, refusals not counted.`,
  },
  {
    name: 'LowConversion',
    severity: 'warning',
    perService: false,
    expr: and(`${completed('30m')} / ${opened} < 0.2`, `${opened} >= 20`),
    // In the first minutes there are carts, but no time to pay for them yet.
    for: '5m',
    summary: 'Fewer than one cart in five becomes an order',
    description: `${value.percent} of the carts created in 30 minutes were paid for.`,
  },
  {
    name: 'OutOfStockSoon',
    severity: 'info',
    perService: true,
    // The value is the remaining stock. `resets` counts decreases: at least three sales, because one is no trend.
    expr: and(
      `${minStockMetric} > 0`,
      `predict_linear(${minStockMetric}[30m], 3600) <= 0`,
      `resets(${minStockMetric}[30m]) >= 3`,
      `${minStockMetric} offset 15m`,
    ),
    for: '1m',
    summary: `${label('product_slug')}: soon out of stock`,
    description: `${value.whole} left; at the current rate none within an hour.`,
  },
]
