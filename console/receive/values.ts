import { each, inside, Malformed } from './malformed'

/** Attributes as plain JSON. */
export type Attributes = Record<string, Value>
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value }

/** As protobufjs hands on what 53 bits can't hold. */
interface Long {
  low: number
  high: number
  unsigned: boolean
}

const hex = /^[0-9a-f]+$/i

/** A text; empty where there is none. */
export function textOf(from: object, name: string): string {
  const value = (from as Record<string, unknown>)[name]
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw new Malformed(name, 'a text')
  return value
}

/** A number: a JSON number, a text of digits (OTLP's 64 bits), or a Long. */
export function numberOf(from: object, name: string): number | undefined {
  const value = (from as Record<string, unknown>)[name]
  if (value === undefined || value === null) return undefined
  const number = asNumber(value)
  if (number === undefined) throw new Malformed(name, 'a number')
  return number
}

/** A time of OTLP's nanoseconds in microseconds; 0 where there is none. */
export function microsecondsOf(from: object, name: string): number {
  const nanoseconds = numberOf(from, name) ?? 0
  if (!(nanoseconds >= 0)) throw new Malformed(name, 'nanoseconds since 1970')
  return Math.round(nanoseconds / 1000)
}

/** The numbers of a list; empty where there is none. */
export function numbersOf(from: object, name: string): number[] {
  const list = (from as Record<string, unknown>)[name]
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) throw new Malformed(name, 'a list of numbers')
  return list.map((value, index) => {
    const number = asNumber(value)
    if (number === undefined) throw new Malformed(`${name}[${index}]`, 'a number')
    return number
  })
}

/** An id as lower-case hexadecimal, from hexadecimal or bytes; empty where there is none, or where it is all zeros. */
export function idOf(from: object, name: string, bytes: 8 | 16): string {
  const value = (from as Record<string, unknown>)[name]
  if (value === undefined || value === null || value === '') return ''
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
  if (typeof text !== 'string' || (text !== '' && (text.length !== bytes * 2 || !hex.test(text)))) {
    throw new Malformed(name, `${bytes} bytes in hexadecimal`)
  }
  return /^0*$/.test(text) ? '' : text.toLowerCase()
}

/** OTLP's list of keys and values as a plain object. */
export function attributesOf(from: object, name = 'attributes'): Attributes {
  const attributes: Attributes = {}
  each(from, name, (member) => {
    const key = textOf(member, 'key')
    attributes[key] = inside(member, 'value', anyValue) ?? null
  })
  return attributes
}

/** OTLP's AnyValue as plain JSON: bytes in base64, 64 bits beyond JSON's numbers as a text. */
export function anyValue(value: object): Value {
  const { stringValue, boolValue, intValue, doubleValue, bytesValue } = value as Record<string, unknown>
  if (typeof stringValue === 'string') return stringValue
  if (intValue !== undefined && intValue !== null) return integer(intValue)
  if (typeof boolValue === 'boolean') return boolValue
  if (doubleValue !== undefined && doubleValue !== null) return double(doubleValue)
  if (bytesValue instanceof Uint8Array) return Buffer.from(bytesValue).toString('base64')
  if (typeof bytesValue === 'string') return bytesValue
  if (stringValue ?? boolValue ?? bytesValue) throw new Malformed('', 'one of the values that OTLP knows')
  const list = inside(value, 'arrayValue', (array) => {
    const values: Value[] = []
    each(array, 'values', (item) => void values.push(anyValue(item)))
    return values
  })
  return list ?? inside(value, 'kvlistValue', (map) => attributesOf(map, 'values')) ?? null
}

function integer(value: unknown): Value {
  const number = asNumber(value)
  if (number === undefined) throw new Malformed('intValue', 'a whole number')
  return Number.isSafeInteger(number) ? number : String(value)
}

function double(value: unknown): Value {
  const number = asNumber(value)
  if (number !== undefined) return Number.isFinite(number) ? number : String(number)
  throw new Malformed('doubleValue', 'a number')
}

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return textNumber(value)
  if (typeof value !== 'object' || value === null) return undefined
  const { low, high, unsigned } = value as Long
  if (typeof low !== 'number' || typeof high !== 'number') return undefined
  return (unsigned ? high >>> 0 : high) * 4294967296 + (low >>> 0)
}

function textNumber(text: string): number | undefined {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text)
  return /^[-+]?\d/.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined
}
