import type { Attributes } from '@opentelemetry/api'
import { fragment, type JsonWriter } from './json-writer'

/**
 * Writes attributes as the members of an OTLP/JSON `attributes` array, without its brackets. What is no attribute value
 * (undefined, functions, symbols, circles) is left out. Source: OTLP 1.9, "JSON Protobuf Encoding".
 * @param follow whether there are members before them.
 */
export function writeOtlpAttributes(out: JsonWriter, attributes: Readonly<Attributes>, follow: boolean): void {
  let isFirst = !follow
  for (const key in attributes) {
    const value = attributes[key]
    const known = keyFragments(key)
    if (typeof value === 'string') {
      if (!isFirst) out.comma()
      isFirst = false
      out.raw(known.otlpText)
      out.string(value)
      out.raw(twoBraces)
      continue
    }
    const isDouble = typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)
    const shown = isDouble ? String(value) : otlpValue(value)
    if (shown === '') continue
    if (!isFirst) out.comma()
    isFirst = false
    out.raw(isDouble ? known.otlpDouble : known.otlp)
    out.text(shown)
    out.raw(isDouble ? twoBraces : oneBrace)
  }
}

/** The same as members of a flat JSON object, each with a comma before it: what a log line shows. */
export function writeJsonMembers(out: JsonWriter, attributes: Readonly<Attributes>): void {
  for (const key in attributes) {
    const value = attributes[key]
    if (typeof value === 'string') {
      out.raw(keyFragments(key).line)
      out.string(value)
      continue
    }
    const shown = plainJson(value)
    if (shown === undefined) continue
    out.raw(keyFragments(key).line)
    out.text(shown)
  }
}

/** The members of an OTLP/JSON `attributes` array as text, for what is written seldom. */
export function otlpAttributes(attributes: Readonly<Record<string, unknown>>, depth = 0): string {
  const members = Object.entries(attributes).map(([key, value]) => [JSON.stringify(key), otlpValue(value, depth)])
  return members
    .filter(([, text]) => text !== '')
    .map(([key, text]) => `{"key":${key},"value":${text}}`)
    .join(',')
}

/** An OTLP/JSON `AnyValue`, or `''` for what is none. */
export function otlpValue(value: unknown, depth = 0): string {
  if (typeof value === 'string') return `{"stringValue":${JSON.stringify(value)}}`
  if (typeof value === 'number') return otlpNumber(value)
  if (typeof value === 'boolean') return `{"boolValue":${value}}`
  if (value === null) return '{}'
  if (typeof value !== 'object' || depth === deepest) return ''
  if (value instanceof Uint8Array) return `{"bytesValue":"${Buffer.from(value).toString('base64')}"}`
  if (!Array.isArray(value)) return `{"kvlistValue":{"values":[${otlpAttributes(value as Attributes, depth + 1)}]}}`
  // `map` would leave the holes of a list out.
  return `{"arrayValue":{"values":[${Array.from(value, (one) => otlpValue(one, depth + 1) || '{}')}]}}`
}

// Circles end here.
const deepest = 12

// A number that OTLP's int64 can't hold, or none at all, would make a receiver refuse the whole batch.
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
  line: Uint8Array
}

// What a line says itself: two members of one name would leave a reader to choose.
const lineNames = new Set(['timestamp', 'level', 'message', 'service', 'event', 'trace_id', 'span_id', 'trace_flags'])

const known = new Map<string, KeyFragments>()

function keyFragments(key: string): KeyFragments {
  const before = known.get(key)
  if (before) return before
  const quoted = JSON.stringify(key)
  const made = {
    otlp: fragment(`{"key":${quoted},"value":`),
    otlpText: fragment(`{"key":${quoted},"value":{"stringValue":`),
    otlpDouble: fragment(`{"key":${quoted},"value":{"doubleValue":`),
    line: fragment(`,${lineNames.has(key) ? JSON.stringify(`attributes.${key}`) : quoted}:`),
  }
  if (known.size >= 1000) known.clear()
  known.set(key, made)
  return made
}
