import type { CheckoutAttempt, CheckoutHistory } from './checkout-history'

/** What the databases of order-service and product-service hold. */
export interface DatabaseSnapshot {
  orders: { id: string; idempotencyKey: string; status: string; isSettled: boolean }[]
  /** Pieces in confirmed orders, by product. */
  sold: Map<string, number>
  /** Pieces in reservations that are held or confirmed, by product. */
  reserved: Map<string, number>
  stock: Map<string, number>
}

/** Orders and pieces, counted on both sides. All but the first four are to be 0. */
export interface AuditResult {
  ok: boolean
  /** Orders of which a shopper was told that they are placed. */
  confirmed: number
  /** Orders of these shoppers' forms that are confirmed in the database. */
  stored: number
  refused: number
  /** Forms whose shoppers never had an answer, whether there is an order or not. */
  unanswered: number
  /** Told to a shopper, and not in the database. */
  lost: number
  /** In the database more than once for one form, in spite of a refusal, or for no form of anybody. */
  doubled: number
  /** Neither confirmed and told to product-service, nor cancelled. */
  unsettled: number
  /** Pieces by which stock, reservations and orders differ, over all products. */
  miscounted: number
}

export interface AuditInput extends Pick<CheckoutHistory, 'restocked'> {
  attempts: CheckoutAttempt[]
  /** Whether nobody else uses the shop: then each order is of a form that is known. */
  isExclusive: boolean
}

/** Compares what shoppers were told since `before` was read with what the databases hold now. */
export function audit(
  { attempts, restocked, isExclusive }: AuditInput,
  before: DatabaseSnapshot,
  now: DatabaseSnapshot,
): AuditResult {
  const known = new Set([...before.orders, ...attempts].map(({ idempotencyKey }) => idempotencyKey))
  const unknown = now.orders.filter(
    ({ idempotencyKey, status }) => status === 'confirmed' && !known.has(idempotencyKey),
  )
  const byKey = Map.groupBy(now.orders, ({ idempotencyKey }) => idempotencyKey)
  const confirmedOf = ({ idempotencyKey }: CheckoutAttempt) =>
    (byKey.get(idempotencyKey) ?? []).filter(({ status }) => status === 'confirmed')
  const [told, refused, unanswered] = (['confirmed', 'refused', 'unknown'] as const).map((outcome) =>
    attempts.filter((attempt) => attempt.outcome === outcome),
  ) as [CheckoutAttempt[], CheckoutAttempt[], CheckoutAttempt[]]

  const counts = {
    confirmed: told.length,
    stored: sum(attempts.map((attempt) => confirmedOf(attempt).length)),
    refused: refused.length,
    unanswered: unanswered.length,
    lost: told.filter((attempt) => !confirmedOf(attempt).some(({ id }) => id === attempt.orderId)).length,
    doubled:
      sum(attempts.map((attempt) => Math.max(0, confirmedOf(attempt).length - 1))) +
      sum(refused.map((attempt) => confirmedOf(attempt).length)) +
      told.length -
      new Set(told.map(({ orderId }) => orderId)).size +
      (isExclusive ? unknown.length : 0),
    unsettled: now.orders.filter(({ isSettled }) => !isSettled).length,
    miscounted: sum([...now.stock.keys()].map((id) => Math.abs(drift(id, restocked(id), before, now)))),
  }
  const { lost, doubled, unsettled, miscounted } = counts
  return { ok: lost + doubled + unsettled + miscounted === 0, ...counts }
}

// What left the shelf is what was reserved, and what was reserved is what was sold.
function drift(id: string, restocked: number, before: DatabaseSnapshot, now: DatabaseSnapshot): number {
  const gone = of(before.stock, id) + restocked - of(now.stock, id)
  const sold = of(now.sold, id) - of(before.sold, id)
  const reserved = of(now.reserved, id) - of(before.reserved, id)
  return Math.abs(gone - sold) || Math.abs(reserved - sold)
}

const of = (pieces: Map<string, number>, id: string) => pieces.get(id) ?? 0
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
