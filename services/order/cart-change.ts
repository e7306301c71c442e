import { and, eq, lt } from 'drizzle-orm'
import { type Database, isUniqueViolation, type Transaction } from '../../src/database/database'
import { placeholder, placeholders, prepared } from '../../src/database/prepared'
import { DomainError } from '../../src/problem'
import type { OrderContext } from './context'
import { type CartItemRow, ensureOpenCart, findCartItems, lockOpenCart } from './open-cart'
import { requestHash } from './request-hash'
import { cartChanges } from './schema'

/** A change of a user's open cart. */
export interface CartChange {
  userId: string
  /** Stays the same for each retry of this change; without one, each request is a change of its own. */
  idempotencyKey?: string | undefined
  requestHash: string
}

export const cartChangeOf = (
  userId: string,
  idempotencyKey: string | undefined,
  request: Record<string, unknown>,
): CartChange => ({ userId, idempotencyKey, requestHash: requestHash(request) })

export interface Changed<T> {
  /** What this request or an earlier one with the same key did. */
  outcome: T
  isRepeated: boolean
  /** Whether this request opened the cart, and it has items. */
  opened: boolean
}

/**
 * Runs `work` on the user's open cart in one transaction, which locks the cart and stores the outcome under the key: after a
 * crash both are there or neither. A repeated change is not run again.
 * @throws DomainError `IDEMPOTENCY_KEY_REUSED`
 */
export async function changeOpenCart<T>(
  context: OrderContext,
  change: CartChange,
  work: (tx: Transaction, cartId: string, items: CartItemRow[]) => Promise<T>,
): Promise<Changed<T>> {
  const { db, checkpoint } = context
  const { cartId, opened } = await ensureOpenCart(db, change.userId)
  try {
    const changed = await db.transaction(async (tx) => {
      if (!(await lockOpenCart(tx, cartId, change.userId))) return undefined
      const earlier = await findEarlierChange<T>(tx, change)
      const items = await findCartItems(tx, cartId)
      // The other half of a double click may have filled the cart that this request opened.
      if (earlier) return { ...earlier, opened: opened && items.length > 0 }
      const outcome = await work(tx, cartId, items)
      await storeChange(tx, change, outcome)
      checkpoint('cart change written')
      return { outcome, isRepeated: false, opened }
    })
    // A checkout closed the cart meanwhile: change the next cart.
    if (!changed) return changeOpenCart(context, change, work)
    checkpoint('cart changed')
    return changed
  } catch (error) {
    // The same change of an earlier cart was committed at the same time.
    const earlier = isUniqueViolation(error) ? await findEarlierChange<T>(db, change) : undefined
    if (!earlier) throw error
    return { ...earlier, opened: false }
  }
}

/** What an earlier request with the same key did; `undefined` without one. @throws DomainError `IDEMPOTENCY_KEY_REUSED` */
export async function findEarlierChange<T>(
  db: Database | Transaction,
  { userId, idempotencyKey, requestHash }: CartChange,
): Promise<{ outcome: T; isRepeated: true } | undefined> {
  if (idempotencyKey === undefined) return undefined
  const [row] = await selectChange(db).execute({ userId, idempotencyKey })
  if (row && row.requestHash !== requestHash) throw new DomainError('IDEMPOTENCY_KEY_REUSED')
  return row && { outcome: row.outcome as T, isRepeated: true }
}

async function storeChange(tx: Transaction, change: CartChange, outcome: unknown): Promise<void> {
  if (change.idempotencyKey === undefined) return
  await insertChange(tx).execute({ ...change, outcome, createdAt: new Date() })
}

/** Milliseconds after which a key is free again. */
const maxAgeMs = 24 * 3_600_000

/** Deletes the keys that no client retries any more. */
export async function deleteOldChanges(db: Database, now: number): Promise<void> {
  await db.delete(cartChanges).where(lt(cartChanges.createdAt, new Date(now - maxAgeMs)))
}

const selectChange = prepared((db) =>
  db
    .select()
    .from(cartChanges)
    .where(
      and(
        eq(cartChanges.userId, placeholder('userId', cartChanges.userId)),
        eq(cartChanges.idempotencyKey, placeholder('idempotencyKey', cartChanges.idempotencyKey)),
      ),
    )
    .prepare(),
)

const insertChange = prepared((db) =>
  db
    .insert(cartChanges)
    .values(placeholders('userId', 'idempotencyKey', 'requestHash', 'outcome', 'createdAt'))
    .prepare(),
)
