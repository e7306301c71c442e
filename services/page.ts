import { z } from 'zod'

/** A page of a list. */
export interface Page<T> {
  items: T[]
  /** The `cursor` of the next page; `null` on the last page. */
  next_cursor: string | null
}

/** The query parameters of a list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(36).optional(),
})

/** The cursor after `limit` rows. Query one row more than `limit`, so that the last page is recognized. */
export const nextCursor = (rows: { id: string }[], limit: number): string | null =>
  rows.length > limit ? (rows[limit - 1]?.id ?? null) : null
