import { z } from 'zod'
import { productImages } from '../images'
import { limit } from '../page'
import { parseCursor, sorts } from './cursor'

const integer = (min: number, max: number) => z.int().min(min).max(max)

/** Maximum pieces of a product in stock. */
export const maxStock = 1_000_000

// Ranges and not \p{Cc}, because the OpenAPI document shows the patterns to programs without Unicode properties.
const control = '\\u0000-\\u001f\\u007f-\\u009f'
const line = new RegExp(`^[^${control}]*$`)
const lines = new RegExp(`^(?:[^${control}]|\\n)*$`)
/** Whether a slug could be taken for the id of a product. */
export const looksLikeId = (slug: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(slug)

const text = (maxLength: number, pattern: RegExp) =>
  z
    .string()
    .max(maxLength)
    .regex(/\S/, 'must not be blank')
    .regex(pattern, 'has control characters')
    .refine((value) => value.isWellFormed(), 'has half a character')
    .trim()
const name = text(120, line)
const description = text(2000, lines)
const price = integer(1, 100_000_000)
const image = z.enum(productImages)
const slug = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case letters a to z and digits, joined by single dashes')
  // A product is found by its slug or by its id.
  .refine((text) => !looksLikeId(text), 'must not look like an id')

/** The body of `POST /api/product/create`. Without `slug` it is derived from the name. */
export const newProduct = z.object({
  name,
  description,
  price_cents: price,
  image,
  stock: integer(0, maxStock).default(0),
  slug: slug.optional(),
})

export type NewProduct = z.output<typeof newProduct>

const changeFields = z.object({
  name: name.optional(),
  description: description.optional(),
  price_cents: price.optional(),
  image: image.optional(),
  stock: integer(0, maxStock).optional().describe('Replaces the stock'),
  restock: integer(1, maxStock).optional().describe('Pieces to add to the stock'),
  withdrawn: z.literal(false).optional().describe('Puts a withdrawn product on sale again'),
})

/** The body of `PATCH /api/product/:id`. */
export const productChange = changeFields
  .refine(
    (fields) => Object.values(fields).some((value) => value !== undefined),
    `set one of ${Object.keys(changeFields.shape).join(', ')}`,
  )
  .refine(({ stock, restock }) => stock === undefined || restock === undefined, 'set stock or restock, not both')
  .meta({ minProperties: 1, not: { required: ['stock', 'restock'] } })

export type ProductChange = z.output<typeof productChange>

/** The query parameters of `GET /api/products`. A cursor belongs to the sort that it came from. */
export const productsQuery = z
  .object({
    q: z
      .string()
      .max(100)
      .optional()
      .describe('Words that name or description must contain; case and accents are ignored'),
    sort: z.enum(sorts).optional(),
    limit,
    cursor: z.string().max(1000).optional(),
  })
  .transform(({ q = '', cursor, ...query }, context) => {
    const words = q.split(/\s+/).filter(Boolean)
    const after = cursor === undefined ? undefined : parseCursor(cursor, query.sort)
    if (cursor !== undefined && after === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['cursor'],
        message: 'must be the next_cursor of a page with this sort',
      })
    }
    return { ...query, words, after }
  })

export type ProductsQuery = z.output<typeof productsQuery>
