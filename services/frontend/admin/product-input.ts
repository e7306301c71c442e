import type { Telemetry } from '@vitrine/telemetry'
import { DomainError } from '../../../src/problem'
import { type ProductImage, productImages } from '../../images'
import type { FormError } from '../account/form-error'
import type { Product } from '../context'
import { parseInteger } from '../form'
import type { Messages } from '../messages/messages'

type Form = Record<string, string | undefined>
type Field = keyof Messages['admin']['wrong']

const maxCents = 100_000_000
const maxStock = 1_000_000

/** The fields of a product that every form has. */
export interface ProductFields {
  name: string
  description: string
  price_cents: number
  image: ProductImage
}

/** The fields of a product form, or which of them are wrong. */
export function parseProduct(form: Form): ProductFields | { wrong: Field[] } {
  const { name = '', description = '' } = form
  const price_cents = parsePrice(form.price)
  const image = productImages.find((path) => path === form.image)
  if (name.trim() && description.trim() && price_cents !== undefined && image) {
    // Browsers send the line breaks of a text as CR LF.
    return { name, description: description.replaceAll('\r\n', '\n'), price_cents, image }
  }
  const missing = {
    name: !name.trim(),
    description: !description.trim(),
    price: price_cents === undefined,
    image: !image,
  }
  return { wrong: (Object.keys(missing) as (keyof typeof missing)[]).filter((field) => missing[field]) }
}

const fieldNames = ['name', 'description', 'price_cents', 'image'] as const

/** A hash of each field, sent with the form, so that `changedFields` finds what the administrator changed. */
export const fingerprintOf = (fields: ProductFields | Product): string =>
  fieldNames.map((name) => hashOf(fields[name])).join('.')

/** The fields that differ from those that the form showed: what another administrator changed meanwhile stays. */
export function changedFields(fields: ProductFields, fingerprint = ''): Partial<ProductFields> {
  const before = fingerprint.split('.')
  return Object.fromEntries(
    fieldNames
      .filter((name, position) => hashOf(fields[name]) !== before[position])
      .map((name) => [name, fields[name]]),
  )
}

const hashOf = (value: string | number): string => Bun.hash(String(value)).toString(36)

/** The pieces in a field; `undefined` for other text. */
export const parsePieces = (text: string | undefined, min: number): number | undefined =>
  parseInteger(text, min, maxStock)

/** `1 299,99`, `1299.99` or `1299` in cents; `undefined` for other text. */
export function parsePrice(text = ''): number | undefined {
  const [, euros, cents = ''] = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(text.replace(/[\s\u00a0\u202f€]/g, '')) ?? []
  if (euros === undefined) return undefined
  const total = Number(euros) * 100 + Number(cents.padEnd(2, '0'))
  return total >= 1 && total <= maxCents ? total : undefined
}

/** A price as the form shows it: `1299,99`. */
export const priceField = (cents: number, language: string): string =>
  (cents / 100).toFixed(2).replace('.', language === 'fr' ? ',' : '.')

/** The form's message for wrong fields. */
export const wrongFields = (fields: string[], { admin: texts }: Messages): FormError => ({
  status: 422,
  errors: Object.fromEntries(fields.map((field) => [field, texts.wrong[field as Field] ?? texts.checkFields])),
  failure: { title: texts.notSaved, detail: texts.checkFields },
})

/** The form's message for an error of product-service. @throws every other error */
export function productFormError(error: unknown, telemetry: Telemetry, messages: Messages): FormError {
  const { admin: texts } = messages
  if (!(error instanceof DomainError)) throw error
  const formError = byCode[error.code]?.(error.details, messages)
  if (!formError) throw error
  telemetry.setAttribute('problem.code', error.code)
  if (formError.status >= 500) telemetry.recordException(error)
  return { failure: { title: texts.notSaved, detail: texts.checkFields }, ...formError }
}

const byCode: Record<string, (details: Record<string, unknown>, messages: Messages) => FormError> = {
  SLUG_TAKEN: (_details, { admin }) => ({ status: 409, errors: { slug: admin.slugTaken } }),
  INVALID_REQUEST: ({ errors }, messages) => {
    const fields = Array.isArray(errors) ? errors.map(({ field }) => String(field)) : []
    return wrongFields(
      fields.map((field) => (field === 'price_cents' ? 'price' : field)),
      messages,
    )
  },
  UNAVAILABLE: (_details, { admin }) => ({
    status: 503,
    failure: { title: admin.notSaved, detail: admin.unavailable },
  }),
}
