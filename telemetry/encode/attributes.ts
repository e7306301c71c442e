import type { Attributes } from '@opentelemetry/api'
import { fragment, type JsonWriter } from './json-writer'

/**
 * Writes attributes as the elements of an OTLP/JSON `attributes` array, without its brackets. Values that OTLP has no type
 * for (undefined, functions, symbols) are left out. Source: OTLP 1.9, "JSON Protobuf Encoding".
 * @param hasPrevious whether the array already has elements.
 */
export function writeOtlpAttributes(out: JsonWriter, attributes: Readonly<Attributes>, hasPrevious: boolean): void {
  let isFirst = !hasPrevious
  for (const key in attributes) {
    const value = attributes[key]
    const fragments = keyFragments(key)
    if (typeof value === 'string') {
      if (!isFirst) out.comma()
      isFirst = false
      out.raw(fragments.otlpText)
      out.string(value)
      out.raw(twoBraces)
      continue
    }
    const isDouble =
      typeof value === 'number' && Number.isFinite(value) && (fragments.isDouble || !Number.isInteger(value))
    const json = isDouble ? String(value) : otlpValue(value)
    if (json === '') continue
    if (!isFirst) out.comma()
    isFirst = false
    out.raw(isDouble ? fragments.otlpDouble : fragments.otlp)
    out.text(json)
    out.raw(isDouble ? twoBraces : oneBrace)
  }
}

/** Writes attributes as members of a flat JSON object, each with a comma before it: the format of log lines. */
export function writeJsonMembers(out: JsonWriter, attributes: Readonly<Attributes>): void {
  for (const key in attributes) {
    const value = attributes[key]
    if (typeof value === 'string') {
      out.raw(keyFragments(key).jsonMember)
      out.string(value)
      continue
    }
    const json = plainJson(value)
    if (json === undefined) continue
    out.raw(keyFragments(key).jsonMember)
    out.text(json)
  }
}

/** The elements of an OTLP/JSON `attributes` array as text, for attributes outside the hot path. */
export function otlpAttributes(attributes: Readonly<Record<string, unknown>>, depth = 0): string {
  const elements = Object.entries(attributes).map(([key, value]) => [JSON.stringify(key), otlpValue(value, depth)])
  return elements
    .filter(([, text]) => text !== '')
    .map(([key, text]) => `{"key":${key},"value":${text}}`)
    .join(',')
}

/** An OTLP/JSON `AnyValue`; `''` for a value that OTLP has no type for, and below a depth of 12. */
export function otlpValue(value: unknown, depth = 0): string {
  if (typeof value === 'string') return `{"stringValue":${JSON.stringify(value)}}`
  if (typeof value === 'number') return otlpNumber(value)
  if (typeof value === 'boolean') return `{"boolValue":${value}}`
  if (value === null) return '{}'
  if (typeof value !== 'object' || depth === maxDepth) return ''
  if (value instanceof Uint8Array) return `{"bytesValue":"${Buffer.from(value).toString('base64')}"}`
  if (!Array.isArray(value)) return `{"kvlistValue":{"values":[${otlpAttributes(value as Attributes, depth + 1)}]}}`
  // Unlike `map`, `Array.from` visits the empty slots of sparse arrays.
  return `{"arrayValue":{"values":[${Array.from(value, (element) => otlpValue(element, depth + 1) || '{}')}]}}`
}

// Ends circular references.
const maxDepth = 12

// Receivers reject a whole batch for one number that int64 can't hold, or for a bare NaN.
function otlpNumber(value: number): string {
  if (Number.isSafeInteger(value)) return `{"intValue":${value}}`
  return Number.isFinite(value) ? `{"doubleValue":${value}}` : `{"doubleValue":"${value}"}`
}

function plainJson(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `"${value}"`
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

const oneBrace = fragment('}')
const twoBraces = fragment('}}')

interface KeyFragments {
  otlp: Uint8Array
  otlpText: Uint8Array
  otlpDouble: Uint8Array
  /** Whether whole numbers are doubles too. */
  isDouble: boolean
  jsonMember: Uint8Array
}

// Members that every log line has: an attribute of the same name is prefixed.
const reservedNames = new Set([
  'timestamp',
  'level',
  'message',
  'service',
  'event',
  'trace_id',
  'span_id',
  'trace_flags',
])

const cache = new Map<string, KeyFragments>()
const doubleKeys = new Set<string>()

/** Encodes the numbers of these attributes as doubles, also whole ones. An attribute has the same type everywhere. */
export function encodeAsDouble(keys: readonly string[]): void {
  for (const key of keys) {
    doubleKeys.add(key)
    cache.delete(key)
  }
}

// Without `memoize`: one call less for each attribute that is written.
function keyFragments(key: string): KeyFragments {
  const cached = cache.get(key)
  if (cached) return cached
  const quoted = JSON.stringify(key)
  const created = {
    otlp: fragment(`{"key":${quoted},"value":`),
    otlpText: fragment(`{"key":${quoted},"value":{"stringValue":`),
    otlpDouble: fragment(`{"key":${quoted},"value":{"doubleValue":`),
    isDouble: doubleKeys.has(key),
    jsonMember: fragment(`,${reservedNames.has(key) ? JSON.stringify(`attributes.${key}`) : quoted}:`),
  }
  if (cache.size >= 1000) cache.clear()
  cache.set(key, created)
  return created
}
