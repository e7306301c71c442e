import type { Attributes } from '@opentelemetry/api'
import { writeJsonMembers, writeOtlpAttributes } from './encode/attributes'
import { JsonWriter } from './encode/json-writer'

/**
 * Attributes that many requests share, created once and frozen. Metrics find their series by the object's identity; spans
 * and log records copy the bytes that were encoded at creation.
 */
export interface SharedAttributes {
  readonly attributes: Readonly<Attributes>
  /** Elements of an OTLP/JSON `attributes` array. */
  readonly otlp: Uint8Array
  /** Members of a log line, each with a comma before it. */
  readonly jsonMembers: Uint8Array
}

/** Freezes and encodes attributes. This pays off only for attributes that are used again: cache the result. */
export function createSharedAttributes(attributes: Attributes): SharedAttributes {
  const [otlp, line] = [new JsonWriter(256), new JsonWriter(256)]
  writeOtlpAttributes(otlp, attributes, false)
  writeJsonMembers(line, attributes)
  return { attributes: Object.freeze(attributes), otlp: otlp.written(), jsonMembers: line.written() }
}

/** All attributes as one object; `own` wins. */
export const mergeAttributes = (shared: SharedAttributes, own: Attributes): Attributes => ({
  ...shared.attributes,
  ...own,
})

export const noSharedAttributes: SharedAttributes = createSharedAttributes({})

/** Whether a key is in both. Shared and own attributes are encoded one after the other, so a common key would be duplicated. */
export function haveCommonKey({ attributes }: SharedAttributes, own: Readonly<Attributes>): boolean {
  for (const key in own) if (key in attributes) return true
  return false
}
