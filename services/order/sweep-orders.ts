import { and, asc, isNull, lt } from 'drizzle-orm'
import { requestBudgetMs, withDeadline } from '../../src/deadline'
import type { OrderContext } from './context'
import { orders } from './schema'
import { settleOrder } from './settle-order'

// Younger ones may still be on their way: a request lives 2 s.
const olderThanMs = 10_000
const batchSize = 50

/** Finishes what a crash left undecided or untold. Two instances may sweep at once. Returns how many it settled. */
export async function sweepOrders(context: OrderContext, now = Date.now()): Promise<number> {
  const { db, telemetry } = context
  const left = await db
    .select()
    .from(orders)
    .where(and(isNull(orders.settledAt), lt(orders.createdAt, new Date(now - olderThanMs))))
    .orderBy(asc(orders.createdAt))
    .limit(batchSize)
  let settled = 0
  for (const order of left) {
    const work = async () => {
      telemetry.set('order.id', order.id)
      const { status } = await withDeadline(requestBudgetMs, () => settleOrder(context, order))
      telemetry.log.event('order.swept', { 'order.id': order.id, 'order.status': status })
      settled++
    }
    await telemetry.span('order_sweep', work).catch((error) => telemetry.log.exception('exception', error, 'warn'))
  }
  return settled
}

/** Sweeps now and every `intervalMs`, one sweep at a time. Returns what stops it and waits for the one under way. */
export function startSweep(context: OrderContext, intervalMs = 10_000): () => Promise<void> {
  let current = Promise.resolve()
  const sweep = () => {
    current = current
      .then(() => sweepOrders(context))
      .then(
        () => {},
        (error) => context.telemetry.log.exception('exception', error),
      )
  }
  sweep()
  const timer = setInterval(sweep, intervalMs)
  return () => {
    clearInterval(timer)
    return current
  }
}
