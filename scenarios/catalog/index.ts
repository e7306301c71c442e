import type { Scenario } from '../contract'
import checkoutDiscarded from './checkout-discarded'
import collectorGone from './collector-down'
import eventLoopBlocked from './event-loop-blocked'
import killOrderService from './kill-order-service'
import killProductService from './kill-product-service'
import killUserService from './kill-user-service'
import lockWait from './lock-wait'
import logServerGone from './log-server-down'
import logServerGoneForLong from './log-server-down-for-long'
import orderDatabaseGone from './order-database-down'
import orderErrors from './order-errors'
import poolExhausted from './pool-exhausted'
import productLatency from './product-latency'
import slowQuery from './slow-query'
import stockRunningOut from './stock-running-out'
import telemetryDropped from './telemetry-dropped'
import trafficSpike from './traffic-spike'

/**
 * In the order in which `all` plays them: first what costs no errors, so that the budget of errors is whole when it is to
 * burn; the spike last, when there is something usual to compare with.
 */
export const scenarios: Scenario[] = [
  ...[productLatency, collectorGone, logServerGone, logServerGoneForLong, telemetryDropped],
  ...[checkoutDiscarded, stockRunningOut, orderErrors],
  ...[killProductService, killUserService, killOrderService, orderDatabaseGone],
  ...[slowQuery, lockWait, poolExhausted, eventLoopBlocked],
  trafficSpike,
]
