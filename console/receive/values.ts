import { MalformedError, memberOf, readList, readObject } from './malformed'

/** Attributes as plain JSON. */
export type Attributes = Record<string, Value>
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value }

/** As protobufjs hands on what 53 bits can't hold. */
interface Long {
  low: number
  high: number
  unsigned: boolean
}

// Until the year 2554.
const mostNanoseconds = 2 ** 64
// Deeper than that nobody says anything, and the stack has an end.
const deepest = 100

/** Until the year 2261: a signed 64-bit column holds it, and a day more. */
export const maxNanoseconds = 9_200_000_000_000_000_000n
export const expectedNanoseconds = 'nanoseconds since 1970, before the year 2261'

const hex = /^[0-9a-f]+$/i

/** A text; empty where there is none. */
export function stringOf(from: object, name: string): string {
  const value = memberOf(from, name)
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw new MalformedError(name, 'a text')
  return value
}

/** Whether something is said to be so. */
export function booleanOf(from: object, name: string): boolean {
  const value = memberOf(from, name) ?? false
  if (typeof value !== 'boolean') throw new MalformedError(name, 'true or false')
  return value
}

/** A whole number: a JSON number, a text of digits (OTLP's 64 bits), or a Long. */
export function integerOf(from: object, name: string): number | undefined {
  const number = numberOf(from, name)
  if (number === undefined || Number.isInteger(number)) return number
  throw new MalformedError(name, 'a whole number')
}

/** A number; NaN and the infinities are numbers to OTLP. */
export function numberOf(from: object, name: string): number | undefined {
  const value = memberOf(from, name)
  if (value === undefined || value === null) return undefined
  const number = asNumber(value)
  if (number === undefined) throw new MalformedError(name, 'a number')
  return number
}

/** A time of OTLP's nanoseconds in microseconds; 0 where there is none. */
export function microsecondsOf(from: object, name: string): number {
  const nanoseconds = integerOf(from, name) ?? 0
  if (nanoseconds < 0 || nanoseconds > mostNanoseconds)
    throw new MalformedError(name, 'nanoseconds since 1970, in 64 bits')
  return Math.round(nanoseconds / 1000)
}

/** A time of OTLP's nanoseconds, exactly; 0 where there is none. */
export function nanosecondsOf(from: object, name: string): bigint {
  const value = memberOf(from, name)
  if (value === undefined || value === null) return 0n
  const nanoseconds = asBigInt(value)
  if (nanoseconds !== undefined && nanoseconds >= 0n && nanoseconds <= maxNanoseconds) return nanoseconds
  throw new MalformedError(name, expectedNanoseconds)
}

/** The numbers of a list; empty where there is none. */
export function numbersOf(from: object, name: string): number[] {
  const list = memberOf(from, name)
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) throw new MalformedError(name, 'a list of numbers')
  return list.map((value, index) => {
    const number = asNumber(value)
    if (number === undefined || !Number.isFinite(number)) throw new MalformedError(`${name}[${index}]`, 'a number')
    return number
  })
}

/** An id as lower-case hexadecimal, from hexadecimal or bytes; empty where there is none, or where it is all zeros. */
export function idOf(from: object, name: string, bytes: 8 | 16): string {
  const value = memberOf(from, name)
  if (value === undefined || value === null || value === '') return ''
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
  if (typeof text !== 'string' || (text !== '' && (text.length !== bytes * 2 || !hex.test(text)))) {
    throw new MalformedError(name, `${bytes} bytes in hexadecimal`)
  }
  return /^0*$/.test(text) ? '' : text.toLowerCase()
}

/** OTLP's list of keys and values as a plain object. */
export function attributesOf(from: object, name = 'attributes', depth = 0): Attributes {
  // Without a prototype, `__proto__` is a key like any other.
  const attributes: Attributes = Object.create(null)
  readList(from, name, (member) => {
    const key = stringOf(member, 'key')
    attributes[key] = readObject(member, 'value', (value) => anyValue(value, depth + 1)) ?? null
  })
  return attributes
}

/** OTLP's AnyValue as plain JSON: bytes in base64, 64 bits beyond JSON's numbers as a text. */
export function anyValue(value: object, depth = 0): Value {
  if (depth > deepest) throw new MalformedError('', `nested less than ${deepest} deep`)
  const text = memberOf(value, 'stringValue')
  if (typeof text === 'string') return text
  const whole = memberOf(value, 'intValue')
  if (isGiven(whole)) return integer(whole)
  const fraction = memberOf(value, 'doubleValue')
  if (isGiven(fraction)) return double(fraction)
  const flag = memberOf(value, 'boolValue')
  if (typeof flag === 'boolean') return flag
  const bytes = memberOf(value, 'bytesValue')
  if (bytes instanceof Uint8Array) return Buffer.from(bytes).toString('base64')
  if (typeof bytes === 'string') return bytes
  if (isGiven(text) || isGiven(flag) || isGiven(bytes))
    throw new MalformedError('', 'one of the values that OTLP knows')
  const list = readObject(value, 'arrayValue', (array) => {
    const values: Value[] = []
    readList(array, 'values', (item) => void values.push(anyValue(item, depth + 1)))
    return values
  })
  return list ?? readObject(value, 'kvlistValue', (map) => attributesOf(map, 'values', depth)) ?? null
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

function integer(value: unknown): Value {
  const number = asNumber(value)
  if (number === undefined) throw new MalformedError('intValue', 'a whole number')
  return Number.isSafeInteger(number) ? number : String(value)
}

function double(value: unknown): Value {
  const number = asNumber(value)
  if (number !== undefined) return Number.isFinite(number) ? number : String(number)
  throw new MalformedError('doubleValue', 'a number')
}

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return textNumber(value)
  if (typeof value !== 'object' || value === null) return undefined
  const { low, high, unsigned } = value as Long
  if (typeof low !== 'number' || typeof high !== 'number') return undefined
  return (unsigned ? high >>> 0 : high) * 4294967296 + (low >>> 0)
}

function asBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'string') return /^\d{1,20}$/.test(value) ? BigInt(value) : undefined
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined
  if (typeof value !== 'object' || value === null) return undefined
  const { low, high } = value as Long
  if (typeof low !== 'number' || typeof high !== 'number') return undefined
  return BigInt(high >>> 0) * 4294967296n + BigInt(low >>> 0)
}

function textNumber(text: string): number | undefined {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text)
  return /^[-+]?\d/.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined
}
