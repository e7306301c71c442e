import { and, desc, eq, lt } from 'drizzle-orm'
import { z } from 'zod'
import type { Database, Transaction } from '../../src/database/database'
import { nextCursor, type Page } from '../page'
import { productChanges } from './schema'

/** The audit record of an administrator's change, in the API. */
export const change = z
  .object({
    id: z.uuid(),
    product_id: z.uuid(),
    user_id: z.uuid(),
    action: z.enum(['create', 'change', 'withdraw', 'restore']),
    before: z.record(z.string(), z.unknown()),
    after: z.record(z.string(), z.unknown()),
    changed_at: z.iso.datetime(),
  })
  .meta({ id: 'ProductChange' })

type Change = z.infer<typeof change>
type Fields = Record<string, unknown>

export interface ChangeRecord {
  productId: string
  userId: string
  action: Change['action']
  before: Fields
  after: Fields
}

/** Records a change in the transaction of the change, with the fields that differ. Returns their names. */
export async function recordChange(tx: Transaction, { before, after, ...record }: ChangeRecord): Promise<string[]> {
  const fields = Object.keys({ ...before, ...after }).filter((field) => before[field] !== after[field])
  if (fields.length === 0) return []
  await tx.insert(productChanges).values({
    ...record,
    id: Bun.randomUUIDv7(),
    before: pick(before, fields),
    after: pick(after, fields),
    changedAt: new Date(),
  })
  return fields
}

/** A page of the changes of a product, newest first. */
export async function listChanges(
  { db }: { db: Database },
  { productId, limit, cursor }: { productId: string; limit: number; cursor?: string | undefined },
): Promise<Page<Change>> {
  const rows = await db
    .select()
    .from(productChanges)
    .where(
      and(eq(productChanges.productId, productId), cursor === undefined ? undefined : lt(productChanges.id, cursor)),
    )
    .orderBy(desc(productChanges.id))
    .limit(limit + 1)
  return { items: rows.slice(0, limit).map(toChange), next_cursor: nextCursor(rows, limit) }
}

const toChange = ({ id, productId, userId, action, before, after, changedAt }: typeof productChanges.$inferSelect) => ({
  id,
  product_id: productId,
  user_id: userId,
  action,
  before,
  after,
  changed_at: changedAt.toISOString(),
})

const pick = (from: Fields, fields: string[]): Fields =>
  Object.fromEntries(fields.filter((field) => field in from).map((field) => [field, from[field]]))
