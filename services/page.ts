import { z } from 'zod'

/** A page of a list. */
export interface Page<T> {
  items: T[]
  /** The `cursor` of the next page; `null` on the last page. */
  next_cursor: string | null
}

/** The schema of a page. @param name of the schema in the OpenAPI document: `ProductPage` */
export const pageOf = <S extends z.ZodType>(item: S, name: string) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() }).meta({ id: name })

/** Maximum items of a page. */
export const limit = z.coerce.number().int().min(1).max(100).default(20)

/** The query parameters of a list that is ordered by id. The cursor is the id of the last item of the previous page. */
export const pageQuery = z.object({
  limit,
  // Ids are stored in lower case and compared by bytes.
  cursor: z.uuid('must be the next_cursor of a page').toLowerCase().optional(),
})

/** The cursor after `limit` rows. Query one row more than `limit`, so that the last page is recognized. */
export const nextCursor = (rows: { id: string }[], limit: number): string | null =>
  rows.length > limit ? (rows[limit - 1]?.id ?? null) : null
