import { z } from 'zod'

export type JsonSchema = Record<string, unknown>

/**
 * A zod schema as JSON Schema 2020-12, the dialect of OpenAPI 3.1. Schemas with `meta({ id })` become references, and are
 * added to `components`.
 * @param io `input`: what a client sends; `output`: what the service responds
 */
export function jsonSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  components: Record<string, JsonSchema>,
): JsonSchema {
  // As a property, a schema with an id is a reference too.
  const { $defs = {}, properties } = rewriteReferences(
    z.toJSONSchema(z.object({ schema }), { io }) as unknown as Converted,
  )
  for (const [name, { id, ...component }] of Object.entries($defs)) components[name] = component
  return properties.schema
}

interface Converted {
  $defs?: Record<string, JsonSchema>
  properties: { schema: JsonSchema }
}

const rewriteReferences = (converted: Converted): Converted =>
  JSON.parse(JSON.stringify(converted).replaceAll('"#/$defs/', '"#/components/schemas/'))
