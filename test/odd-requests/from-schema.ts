import fc from 'fast-check'
import type { JsonSchema } from '../../src/openapi/json-schema'
import { oddValue } from './odd-values'

/** Values that are mostly valid by a schema; the rest are odd at one place or more. @param known values that exist */
export function fromSchema(schema: JsonSchema, known: string[]): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: valid(schema, known) }, { weight: 1, arbitrary: oddValue })
}

function valid(schema: JsonSchema, known: string[]): fc.Arbitrary<unknown> {
  const { type, enum: values, const: value, anyOf, items, properties, minimum, maximum } = schema as Schema
  if (values) return fc.constantFrom(...values)
  if (value !== undefined) return fc.constant(value)
  if (anyOf) return fc.oneof(...anyOf.map((part) => fromSchema(part, known)))
  if (type === 'integer' || type === 'number') return integer(minimum, maximum)
  if (type === 'boolean') return fc.boolean()
  if (type === 'array') return fc.array(fromSchema(items ?? {}, known), { maxLength: 5 })
  if (type === 'object') return object(properties ?? {}, known)
  if (type === 'string') return text(schema as Schema, known)
  return fc.jsonValue({ maxDepth: 2 })
}

interface Schema {
  type?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  minimum?: number
  maximum?: number
  format?: string
  pattern?: string
}

// Bounds are where programs are wrong.
function integer(min = -100, max = 1_000_000): fc.Arbitrary<unknown> {
  const bounds = [min, min + 1, max, max - 1, min - 1, max + 1].filter(Number.isSafeInteger)
  return fc.oneof(fc.constantFrom(...bounds), fc.integer({ min: 1, max: 9 }))
}

// A member may be missing, and there may be members that the schema does not have.
function object(properties: Record<string, JsonSchema>, known: string[]): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([name, schema]) => [name, fromSchema(schema, known)])
  const whole = fc.record(Object.fromEntries(members))
  const partial = fc.record(Object.fromEntries(members), { requiredKeys: [] })
  const more = fc.tuple(whole, fc.dictionary(fc.string({ maxLength: 12 }), oddValue, { maxKeys: 2 }))
  return fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 2, arbitrary: partial },
    { weight: 1, arbitrary: more.map(([fields, others]) => ({ ...others, ...fields })) },
  )
}

function text({ format, pattern }: Schema, known: string[]): fc.Arbitrary<unknown> {
  const free = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.string({ minLength: 8, maxLength: 30 }))
  if (format === 'uuid') return fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...known) }, fc.uuid())
  if (format === 'email') return fc.emailAddress()
  if (pattern === undefined) return fc.oneof(fc.constantFrom(...known), free)
  return fc.oneof(matching(pattern), free)
}

function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'), { maxLength: 60 })
  } catch {
    return fc.string()
  }
}
