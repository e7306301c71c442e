import { and, asc, gt, isNull, lt } from 'drizzle-orm'
import { withDeadline } from '../../src/deadline'
import { withoutRetryOrBreaker } from '../../src/retry'
import { deleteOldChanges } from './cart-change'
import type { OrderContext } from './context'
import { findOrderItems } from './find-orders'
import type { OrderRow } from './order'
import { orders } from './schema'
import { settleOrder } from './settle-order'

// Younger orders may still belong to an active request, which takes up to 2 s.
const minAgeMs = 10_000
const batchSize = 50

/**
 * Settles orders that a crash left pending or unsettled. Several instances can sweep at the same time.
 * @returns the number of settled orders
 */
export async function sweepOrders(context: OrderContext, now = Date.now(), stop?: AbortSignal): Promise<number> {
  const before = new Date(now - minAgeMs)
  let settled = 0
  let batch = await unsettled(context, before)
  while (batch.length > 0) {
    for (const order of batch) {
      if (stop?.aborted) return settled
      if (await sweepOne(context, order)) settled++
    }
    // The next batch starts after this one, so that orders that cannot be settled do not block the others.
    batch = batch.length < batchSize ? [] : await unsettled(context, before, batch.at(-1)?.id)
  }
  return settled
}

const unsettled = ({ db }: OrderContext, before: Date, after = ''): Promise<OrderRow[]> =>
  db
    .select()
    .from(orders)
    .where(and(isNull(orders.settledAt), lt(orders.createdAt, before), gt(orders.id, after)))
    .orderBy(asc(orders.id))
    .limit(batchSize)

async function sweepOne(context: OrderContext, order: OrderRow): Promise<boolean> {
  const { telemetry, requestBudgetMs } = context
  const work = async () => {
    telemetry.setAttribute('order.id', order.id)
    try {
      const { status, settledAt } = await withDeadline(requestBudgetMs, () =>
        withoutRetryOrBreaker(async () => settleOrder(context, order, await findOrderItems(context.db, order.id))),
      )
      if (settledAt !== null) telemetry.log.event('order.swept', { 'order.id': order.id, 'order.status': status })
      return settledAt !== null
    } catch (error) {
      telemetry.recordException(error, 'warn')
      return false
    }
  }
  return telemetry.span('order_sweep', work)
}

/**
 * Sweeps now and every `intervalMs`, and skips a tick while a sweep is running. Old idempotency keys and rate limits are deleted too.
 * @returns a function that stops the sweep after the current order
 */
export function startSweep(context: OrderContext, intervalMs = 10_000): () => Promise<void> {
  let current: Promise<unknown> | undefined
  const stopped = new AbortController()
  const sweep = () => {
    current ??= sweepOrders(context, Date.now(), stopped.signal)
      .then(() => deleteOldChanges(context.db, Date.now()))
      .then(() => context.limiter.sweep())
      .catch((error) => context.telemetry.log.exception('exception', error))
      .finally(() => {
        current = undefined
      })
  }
  sweep()
  const timer = setInterval(sweep, intervalMs)
  return async () => {
    clearInterval(timer)
    stopped.abort()
    await current
  }
}
