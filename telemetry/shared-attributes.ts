import type { Attributes } from '@opentelemetry/api'
import { writeJsonMembers, writeOtlpAttributes } from './encode/attributes'
import { JsonWriter } from './encode/json-writer'

/**
 * Attributes that repeat from request to request, made once and frozen: the metric finds its series by the object's
 * identity, span and log record copy the bytes that were written when it was made.
 */
export interface SharedAttributes {
  readonly attributes: Readonly<Attributes>
  /** Members of an OTLP/JSON `attributes` array. */
  readonly otlp: Uint8Array
  /** Members of a log line, each with a comma before it. */
  readonly jsonMembers: Uint8Array
}

/** Makes a set of labels. Keep it: it is worth its cost only when used again. */
export function createSharedAttributes(attributes: Attributes): SharedAttributes {
  const [otlp, line] = [new JsonWriter(256), new JsonWriter(256)]
  writeOtlpAttributes(otlp, attributes, false)
  writeJsonMembers(line, attributes)
  return { attributes: Object.freeze(attributes), otlp: otlp.written(), jsonMembers: line.written() }
}

/** All attributes as one object; `own` wins. */
export const mergeAttributes = (labels: SharedAttributes, own: Attributes): Attributes => ({
  ...labels.attributes,
  ...own,
})

/** For what shares nothing. */
export const noSharedAttributes: SharedAttributes = createSharedAttributes({})

/** Whether a key stands in both: nothing may be written twice. */
export function haveCommonKey({ attributes }: SharedAttributes, own: Readonly<Attributes>): boolean {
  for (const key in own) if (key in attributes) return true
  return false
}

/**
 * Remembers what was made for a key. Keys may come from outside: when there are `most`, it begins anew, so that nobody who
 * makes up keys can keep the usual ones out.
 */
export function memo<K, V>(make: (key: K) => V, most = 1000): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const made = make(key)
    if (known.size >= most) known.clear()
    known.set(key, made)
    return made
  }
}
