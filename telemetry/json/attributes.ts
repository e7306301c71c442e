import type { Attributes } from '@opentelemetry/api'
import { type Labels, merged } from '../labels'
import { fragment, type JsonWriter } from './writer'

/**
 * Writes attributes as the members of an OTLP/JSON `attributes` array, without its brackets: those of `labels`, then
 * `own`, which wins where a key stands in both. What is no attribute value (undefined, functions, symbols, circles) is
 * left out. Source: OTLP 1.9, "JSON Protobuf Encoding".
 */
export function writeOtlpAttributes(out: JsonWriter, labels: readonly Labels[], own: Readonly<Attributes>): void {
  const start = out.length
  for (const { otlp } of labels) {
    if (out.length > start) out.comma()
    out.raw(otlp)
  }
  for (const key in own) {
    if (standsIn(labels, key)) {
      out.clear(start)
      writeOtlpAttributes(out, [], merged(labels, own))
      return
    }
    writeOtlpAttribute(out, key, own[key], out.length === start)
  }
}

function writeOtlpAttribute(out: JsonWriter, key: string, value: unknown, isFirst: boolean): void {
  const known = keyFragments(key)
  if (typeof value === 'string') {
    if (!isFirst) out.comma()
    out.raw(known.otlpText)
    out.string(value)
    out.raw(twoBraces)
    return
  }
  const isDouble = typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)
  const shown = isDouble ? String(value) : otlpValue(value)
  if (shown === '') return
  if (!isFirst) out.comma()
  out.raw(isDouble ? known.otlpDouble : known.otlp)
  out.text(shown)
  out.raw(isDouble ? twoBraces : oneBrace)
}

/** The same as members of a flat JSON object, each with a comma before it: what a log line shows. */
export function writeLineMembers(out: JsonWriter, labels: readonly Labels[], own: Readonly<Attributes>): void {
  const start = out.length
  for (const { line } of labels) out.raw(line)
  for (const key in own) {
    if (standsIn(labels, key)) {
      out.clear(start)
      writeLineMembers(out, [], merged(labels, own))
      return
    }
    const value = own[key]
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

/** An OTLP/JSON `AnyValue`, or `''` for what is none. */
export function otlpValue(value: unknown, depth = 0): string {
  if (typeof value === 'string') return `{"stringValue":${JSON.stringify(value)}}`
  if (typeof value === 'number') return otlpNumber(value)
  if (typeof value === 'boolean') return `{"boolValue":${value}}`
  if (value === null) return '{}'
  if (typeof value !== 'object' || depth === deepest) return ''
  if (value instanceof Uint8Array) return `{"bytesValue":"${Buffer.from(value).toString('base64')}"}`
  if (Array.isArray(value))
    return `{"arrayValue":{"values":[${value.map((one) => otlpValue(one, depth + 1) || '{}')}]}}`
  const members = Object.entries(value).map(([key, member]) => [JSON.stringify(key), otlpValue(member, depth + 1)])
  const kept = members.filter(([, text]) => text !== '').map(([key, text]) => `{"key":${key},"value":${text}}`)
  return `{"kvlistValue":{"values":[${kept}]}}`
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

function standsIn(labels: readonly Labels[], key: string): boolean {
  for (const { attributes } of labels) if (key in attributes) return true
  return false
}

const oneBrace = fragment('}')
const twoBraces = fragment('}}')

interface KeyFragments {
  otlp: Uint8Array
  otlpText: Uint8Array
  otlpDouble: Uint8Array
  line: Uint8Array
}

const known = new Map<string, KeyFragments>()

function keyFragments(key: string): KeyFragments {
  const before = known.get(key)
  if (before) return before
  const quoted = JSON.stringify(key)
  const made = {
    otlp: fragment(`{"key":${quoted},"value":`),
    otlpText: fragment(`{"key":${quoted},"value":{"stringValue":`),
    otlpDouble: fragment(`{"key":${quoted},"value":{"doubleValue":`),
    line: fragment(`,${quoted}:`),
  }
  if (known.size < 1000) known.set(key, made)
  return made
}
