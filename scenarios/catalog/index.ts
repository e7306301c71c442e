import type { Scenario } from '../contract'
import checkoutDiscarded from './checkout-discarded'
import collectorDown from './collector-down'
import eventLoopBlocked from './event-loop-blocked'
import killOrderService from './kill-order-service'
import killProductService from './kill-product-service'
import killUserService from './kill-user-service'
import lockWait from './lock-wait'
import logServerDown from './log-server-down'
import logServerDownForLong from './log-server-down-for-long'
import orderDatabaseDown from './order-database-down'
import orderErrors from './order-errors'
import poolExhausted from './pool-exhausted'
import productLatency from './product-latency'
import slowQuery from './slow-query'
import stockRunningOut from './stock-running-out'
import telemetryDropped from './telemetry-dropped'
import trafficSpike from './traffic-spike'

/**
 * In the order in which `all` runs them. Those without errors come first, so that the error budget is whole when a later one
 * burns it. The spike comes last, when there is a baseline to compare with.
 */
export const scenarios: Scenario[] = [
  ...[productLatency, collectorDown, logServerDown, logServerDownForLong, telemetryDropped],
  ...[checkoutDiscarded, stockRunningOut, orderErrors],
  ...[killProductService, killUserService, killOrderService, orderDatabaseDown],
  ...[slowQuery, lockWait, poolExhausted, eventLoopBlocked],
  trafficSpike,
]
