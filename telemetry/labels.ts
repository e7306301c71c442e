import type { Attributes } from '@opentelemetry/api'
import { writeLineMembers, writeOtlpAttributes } from './json/attributes'
import { JsonWriter } from './json/writer'

/**
 * Attributes that repeat from request to request, made once and frozen: the metric finds its series by the object's
 * identity, span and log record copy the bytes that were written when it was made.
 */
export interface Labels {
  readonly attributes: Readonly<Attributes>
  /** Members of an OTLP/JSON `attributes` array. */
  readonly otlp: Uint8Array
  /** Members of a log line, each with a comma before it. */
  readonly line: Uint8Array
}

/** Makes a set of labels. Keep it: it is worth its cost only when used again. */
export function createLabels(attributes: Attributes): Labels {
  const [otlp, line] = [new JsonWriter(256), new JsonWriter(256)]
  writeOtlpAttributes(otlp, attributes, false)
  writeLineMembers(line, attributes)
  return { attributes: Object.freeze(attributes), otlp: otlp.written(), line: line.written() }
}

/** All attributes as one object. */
export const merged = (labels: readonly Labels[], own: Attributes): Attributes =>
  Object.assign({}, ...labels.map(({ attributes }) => attributes), own)

/** Remembers what was made for a key; bounded, as keys may come from outside. */
export function memo<K, V>(make: (key: K) => V, most = 1000): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const made = make(key)
    if (known.size < most) known.set(key, made)
    return made
  }
}
