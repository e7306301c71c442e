import type { DatabaseSnapshot } from './database-snapshot'

/** The outcome of one submitted form, as its shopper knows it. */
export type CheckoutOutcome = 'unknown' | 'confirmed' | 'refused'

export interface CheckoutAttempt {
  /** The form's key, the same however often the form is sent. */
  idempotencyKey: string
  /** The keys of further forms for the same cart, in other tabs: all of them are one order. */
  otherKeys?: string[]
  outcome: CheckoutOutcome
  /** Of a confirmed order. */
  orderId?: string
}

/** Records the responses that shoppers got, for the audit. */
export function createCheckoutHistory() {
  const attempts = new Map<string, CheckoutAttempt>()
  const restocked = new Map<string, number>()

  return {
    attempts: (): CheckoutAttempt[] => [...attempts.values()],
    /** Pieces that were added to a product other than by orders; negative for pieces removed. */
    restocked: (productId: string): number => restocked.get(productId) ?? 0,
    recordAttempt(idempotencyKey: string, otherKeys: string[] = []): void {
      if (attempts.has(idempotencyKey)) return
      attempts.set(idempotencyKey, { idempotencyKey, ...(otherKeys.length > 0 && { otherKeys }), outcome: 'unknown' })
    },
    recordConfirmation(idempotencyKey: string, orderId: string): void {
      attempts.set(idempotencyKey, { ...attempts.get(idempotencyKey), idempotencyKey, outcome: 'confirmed', orderId })
    },
    recordRefusal(idempotencyKey: string): void {
      attempts.set(idempotencyKey, { ...attempts.get(idempotencyKey), idempotencyKey, outcome: 'refused' })
    },
    recordRestock(productId: string, pieces: number): void {
      restocked.set(productId, (restocked.get(productId) ?? 0) + pieces)
    },
  }
}

export type CheckoutHistory = ReturnType<typeof createCheckoutHistory>

/** Orders and pieces, counted on both sides. `lost`, `doubled`, `unsettled` and `miscounted` must be 0. */
export interface AuditResult {
  ok: boolean
  /** Orders that the shop confirmed to a shopper. */
  confirmed: number
  /** Confirmed orders in the database that belong to these shoppers' forms. */
  stored: number
  refused: number
  /** Forms without a final response, whether there is an order or not. */
  unanswered: number
  /** Confirmed to a shopper, and not in the database. */
  lost: number
  /** In the database more than once for one form, in spite of a refusal, or without a form. */
  doubled: number
  /** Neither confirmed and settled with product-service, nor cancelled. */
  unsettled: number
  /** Pieces by which stock, reservations and orders differ, over all products. */
  miscounted: number
}

export interface AuditInput extends Pick<CheckoutHistory, 'restocked'> {
  attempts: CheckoutAttempt[]
  /** Whether no other client uses the shop. Then every order must belong to a recorded form. */
  isExclusive: boolean
}

/** Compares the responses that shoppers got since `before` with the databases' content now. */
export function audit(
  { attempts, restocked, isExclusive }: AuditInput,
  before: DatabaseSnapshot,
  now: DatabaseSnapshot,
): AuditResult {
  const firstKeys = new Map(
    attempts.flatMap(({ idempotencyKey: key, otherKeys = [] }) => otherKeys.map((other) => [other, key])),
  )
  const firstKeyOf = ({ idempotencyKey: key }: { idempotencyKey: string }) => firstKeys.get(key) ?? key
  const recordedKeys = new Set([...before.orders, ...attempts].map(({ idempotencyKey }) => idempotencyKey))
  const withoutForm = now.orders.filter((order) => order.status === 'confirmed' && !recordedKeys.has(firstKeyOf(order)))
  const byKey = Map.groupBy(now.orders, firstKeyOf)
  const storedOf = ({ idempotencyKey }: CheckoutAttempt) =>
    (byKey.get(idempotencyKey) ?? []).filter(({ status }) => status === 'confirmed')
  const withOutcome = (outcome: CheckoutOutcome) => attempts.filter((attempt) => attempt.outcome === outcome)
  const confirmed = withOutcome('confirmed')
  const refused = withOutcome('refused')

  const counts = {
    confirmed: confirmed.length,
    stored: sum(attempts.map((attempt) => storedOf(attempt).length)),
    refused: refused.length,
    unanswered: withOutcome('unknown').length,
    lost: confirmed.filter((attempt) => !storedOf(attempt).some(({ id }) => id === attempt.orderId)).length,
    doubled:
      sum(attempts.map((attempt) => Math.max(0, storedOf(attempt).length - 1))) +
      sum(refused.map((attempt) => storedOf(attempt).length)) +
      confirmed.length -
      new Set(confirmed.map(({ orderId }) => orderId)).size +
      (isExclusive ? withoutForm.length : 0),
    unsettled: now.orders.filter(({ isSettled }) => !isSettled).length,
    miscounted: sum([...now.stock.keys()].map((id) => stockDifference(id, restocked(id), before, now))),
  }
  const { lost, doubled, unsettled, miscounted } = counts
  return { ok: lost + doubled + unsettled + miscounted === 0, ...counts }
}

// Pieces that left the stock, reserved pieces and sold pieces must be equal.
function stockDifference(id: string, restocked: number, before: DatabaseSnapshot, now: DatabaseSnapshot): number {
  const removed = piecesOf(before.stock, id) + restocked - piecesOf(now.stock, id)
  const sold = piecesOf(now.sold, id) - piecesOf(before.sold, id)
  const reserved = piecesOf(now.reserved, id) - piecesOf(before.reserved, id)
  return Math.abs(removed - sold) || Math.abs(reserved - sold)
}

const piecesOf = (pieces: Map<string, number>, id: string) => pieces.get(id) ?? 0
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
