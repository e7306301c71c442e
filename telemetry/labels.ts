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

/** All attributes as one object; `own` wins. */
export const merged = (labels: Labels, own: Attributes): Attributes => ({ ...labels.attributes, ...own })

/** For what shares nothing. */
export const noLabels: Labels = createLabels({})

/** Whether a key stands in both: nothing may be written twice. */
export function overlap({ attributes }: Labels, own: Readonly<Attributes>): boolean {
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
