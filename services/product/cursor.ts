import { z } from 'zod'

/** The orders of a list; without one, products are in the order of their creation. */
export const sorts = ['name', 'price', '-price', 'newest'] as const

export type Sort = (typeof sorts)[number]

/** A position in a sorted list: the sort value and the id of a product. Lists by id have no sort value. */
export interface Position {
  id: string
  value?: string | number | undefined
}

const id = z.uuid().toLowerCase()
const positions = {
  name: z.tuple([z.literal('name'), z.string().max(120), id]),
  price: z.tuple([z.literal('price'), z.int(), id]),
  '-price': z.tuple([z.literal('-price'), z.int(), id]),
} as const

/** The cursor after a product. It is opaque to clients, except that a list by id has the id as its cursor. */
export const formatCursor = (sort: Sort | undefined, { value, id }: Position): string =>
  value === undefined ? id : Buffer.from(JSON.stringify([sort, value, id])).toString('base64url')

/** The position of a cursor; `undefined` for a cursor that no page with this sort has. */
export function parseCursor(cursor: string, sort: Sort | undefined): Position | undefined {
  if (sort === undefined || sort === 'newest') {
    const result = id.safeParse(cursor)
    return result.success ? { id: result.data } : undefined
  }
  const result = positions[sort].safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()))
  return result.success ? { value: result.data[1], id: result.data[2] } : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
