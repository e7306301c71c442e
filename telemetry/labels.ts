import type { Attributes } from '@opentelemetry/api'
import { flat, lineMembers, otlpAttributes } from './json'

/**
 * Attributes that repeat from request to request, made once and frozen: the metric finds its series by the object's
 * identity, span and log record take the text that was rendered when it was made.
 */
export interface Labels {
  readonly attributes: Readonly<Attributes>
  /** Members of an OTLP/JSON `attributes` array. */
  readonly otlp: string
  /** Members of a log line. */
  readonly line: string
}

/** Makes a set of labels. Keep it: it is worth its cost only when used again. */
export function createLabels(attributes: Attributes): Labels {
  const [otlp, line] = [flat(otlpAttributes(attributes)), flat(lineMembers(attributes))]
  return { attributes: Object.freeze(attributes), otlp, line }
}

/** The members of an OTLP/JSON `attributes` array: those of `labels`, then `own`, which wins where a key stands in both. */
export function otlpMembers(labels: readonly Labels[], own: Attributes): string {
  if (overlap(labels, own)) return otlpAttributes(merged(labels, own))
  let text = otlpAttributes(own)
  for (let at = labels.length - 1; at >= 0; at--) text = joined(labels[at]?.otlp ?? '', text)
  return text
}

/** The same as members of a log line. */
export function lineMembersOf(labels: readonly Labels[], own: Attributes): string {
  if (overlap(labels, own)) return lineMembers(merged(labels, own))
  let text = lineMembers(own)
  for (let at = labels.length - 1; at >= 0; at--) text = joined(labels[at]?.line ?? '', text)
  return text
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

function overlap(labels: readonly Labels[], own: Attributes): boolean {
  for (const { attributes } of labels) {
    for (const key in own) if (key in attributes) return true
  }
  return false
}

const joined = (left: string, right: string) => (left === '' ? right : right === '' ? left : `${left},${right}`)
