/** What became of one submitted form, as its shopper knows it. */
export type Outcome = 'unknown' | 'confirmed' | 'refused'

export interface Attempt {
  /** Of the form, the same however often it is sent. */
  idempotencyKey: string
  outcome: Outcome
  /** Where it was confirmed. */
  orderId?: string
}

/** What shoppers were told, to be compared with what the databases hold. */
export function createLedger() {
  const attempts = new Map<string, Attempt>()
  const restocked = new Map<string, number>()

  return {
    attempts: (): Attempt[] => [...attempts.values()],
    /** Pieces that were added to a product, or taken away, other than by orders. */
    restocked: (productId: string): number => restocked.get(productId) ?? 0,
    tried(idempotencyKey: string): void {
      if (!attempts.has(idempotencyKey)) attempts.set(idempotencyKey, { idempotencyKey, outcome: 'unknown' })
    },
    confirmed(idempotencyKey: string, orderId: string): void {
      attempts.set(idempotencyKey, { idempotencyKey, outcome: 'confirmed', orderId })
    },
    refused(idempotencyKey: string): void {
      attempts.set(idempotencyKey, { idempotencyKey, outcome: 'refused' })
    },
    restock(productId: string, pieces: number): void {
      restocked.set(productId, (restocked.get(productId) ?? 0) + pieces)
    },
  }
}

export type Ledger = ReturnType<typeof createLedger>
