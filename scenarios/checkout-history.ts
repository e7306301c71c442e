/** What became of one submitted form, as its shopper knows it. */
export type CheckoutOutcome = 'unknown' | 'confirmed' | 'refused'

export interface CheckoutAttempt {
  /** Of the form, the same however often it is sent. */
  idempotencyKey: string
  outcome: CheckoutOutcome
  /** Where it was confirmed. */
  orderId?: string
}

/** What shoppers were told, to be compared with what the databases hold. */
export function createCheckoutHistory() {
  const attempts = new Map<string, CheckoutAttempt>()
  const restocked = new Map<string, number>()

  return {
    attempts: (): CheckoutAttempt[] => [...attempts.values()],
    /** Pieces that were added to a product, or taken away, other than by orders. */
    restocked: (productId: string): number => restocked.get(productId) ?? 0,
    recordAttempt(idempotencyKey: string): void {
      if (!attempts.has(idempotencyKey)) attempts.set(idempotencyKey, { idempotencyKey, outcome: 'unknown' })
    },
    recordConfirmation(idempotencyKey: string, orderId: string): void {
      attempts.set(idempotencyKey, { idempotencyKey, outcome: 'confirmed', orderId })
    },
    recordRefusal(idempotencyKey: string): void {
      attempts.set(idempotencyKey, { idempotencyKey, outcome: 'refused' })
    },
    recordRestock(productId: string, pieces: number): void {
      restocked.set(productId, (restocked.get(productId) ?? 0) + pieces)
    },
  }
}

export type CheckoutHistory = ReturnType<typeof createCheckoutHistory>
