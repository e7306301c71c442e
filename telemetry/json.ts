import type { Attributes } from '@opentelemetry/api'

// Printable ASCII without quote and backslash: most of what is ever written. Anything else goes through JSON.stringify.
const needsEscape = /[^ !#-[\]-~]/

/** A JSON string; for text without need of an escape a few times faster than `JSON.stringify`. */
export const quote = (text: string): string => (needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`)

/**
 * Attributes as the members of an OTLP/JSON `attributes` array, without its brackets. What is no attribute value
 * (undefined, functions, symbols, circles) is left out. Source: OTLP 1.9, "JSON Protobuf Encoding".
 */
export function otlpAttributes(attributes: Readonly<Attributes>): string {
  let text = ''
  for (const key in attributes) {
    const value = otlpValue(attributes[key])
    if (value === '') continue
    text += text === '' ? `${keyStart(key)}${value}}` : `,${keyStart(key)}${value}}`
  }
  return text
}

/** An OTLP/JSON `AnyValue`, or `''` for what is none. */
export function otlpValue(value: unknown, depth = 0): string {
  if (typeof value === 'string') return `{"stringValue":${quote(value)}}`
  if (typeof value === 'number') return otlpNumber(value)
  if (typeof value === 'boolean') return `{"boolValue":${value}}`
  if (value === null) return '{}'
  if (typeof value !== 'object' || depth === deepest) return ''
  if (value instanceof Uint8Array) return `{"bytesValue":"${Buffer.from(value).toString('base64')}"}`
  if (Array.isArray(value)) return `{"arrayValue":{"values":[${value.map((one) => otlpValue(one, depth + 1) || '{}')}]}}`
  return `{"kvlistValue":{"values":[${otlpMembers(value as Attributes, depth + 1)}]}}`
}

/** Attributes as members of a flat JSON object, without its braces: what a log line shows. */
export function lineMembers(attributes: Readonly<Attributes>): string {
  let text = ''
  for (const key in attributes) {
    const value = attributes[key]
    const shown = typeof value === 'string' ? quote(value) : plainJson(value)
    if (shown === undefined) continue
    text += text === '' ? `${quote(key)}:${shown}` : `,${quote(key)}:${shown}`
  }
  return text
}

/**
 * The same text in one piece. Engines keep what is put together as a tree of its parts; what is cached and used again
 * would be walked each time.
 */
export const flat = (text: string): string => Buffer.from(text).toString()

// Circles end here.
const deepest = 12

// A number that OTLP's int64 can't hold, or none at all, would make a receiver refuse the whole batch.
function otlpNumber(value: number): string {
  if (Number.isSafeInteger(value)) return `{"intValue":${value}}`
  return Number.isFinite(value) ? `{"doubleValue":${value}}` : `{"doubleValue":"${value}"}`
}

function otlpMembers(object: Attributes, depth: number): string {
  const members = Object.entries(object).map(([key, value]) => ({ key, value: otlpValue(value, depth) }))
  return members
    .filter(({ value }) => value !== '')
    .map(({ key, value }) => `${keyStart(key)}${value}}`)
    .join(',')
}

function plainJson(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return Number.isNaN(value) ? '"NaN"' : `${value}`
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

const keyStarts = new Map<string, string>()

function keyStart(key: string): string {
  const known = keyStarts.get(key)
  if (known) return known
  const made = flat(`{"key":${quote(key)},"value":`)
  if (keyStarts.size < 1000) keyStarts.set(key, made)
  return made
}
