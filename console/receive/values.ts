import { MalformedError } from './errors'

/** Attributes as plain JSON. */
export type Attributes = Record<string, Value>
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value }

/** How protobufjs returns a 64-bit integer. */
interface Long {
  low: number
  high: number
  unsigned: boolean
}

const maxUint64 = 2 ** 64
// Decoding is recursive, so the depth must be limited.
const maxDepth = 100

/** In the year 2261: a signed 64-bit column can store it, and a day more. */
export const maxNanoseconds = 9_200_000_000_000_000_000n
export const expectedNanoseconds = 'nanoseconds since 1970, before the year 2261'

const hex = /^[0-9a-f]+$/i

/** Calls `read` for each object of a list. An error names the index. */
export function readList(from: object, name: string, read: (element: object) => void): void {
  const list = memberOf(from, name)
  if (list === undefined || list === null) return
  if (!Array.isArray(list)) throw new MalformedError(name, 'a list')
  for (let index = 0; index < list.length; index++) {
    try {
      const element = list[index]
      if (!isObject(element)) throw new MalformedError('', 'an object')
      read(element)
    } catch (error) {
      throw withPath(`${name}[${index}]`, error)
    }
  }
}

/** The result of `read` for a member that is an object; `undefined` when the member is missing. An error names the member. */
export function readObject<T>(from: object, name: string, read: (member: object) => T): T | undefined {
  const member = memberOf(from, name)
  if (member === undefined || member === null) return undefined
  try {
    if (!isObject(member)) throw new MalformedError('', 'an object')
    return read(member)
  } catch (error) {
    throw withPath(name, error)
  }
}

/** A member that was sent. Decoded protobuf messages inherit zeros for the others. */
export const memberOf = (from: object, name: string): unknown =>
  Object.hasOwn(from, name) ? (from as Record<string, unknown>)[name] : undefined

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function withPath(prefix: string, error: unknown): unknown {
  if (error instanceof MalformedError) error.path = error.path ? `${prefix}.${error.path}` : prefix
  return error
}

/** A string; empty when the member is missing. */
export function stringOf(from: object, name: string): string {
  const value = memberOf(from, name)
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw new MalformedError(name, 'a string')
  return value
}

/** A boolean; false when the member is missing. */
export function booleanOf(from: object, name: string): boolean {
  const value = memberOf(from, name) ?? false
  if (typeof value !== 'boolean') throw new MalformedError(name, 'true or false')
  return value
}

/** An integer: a JSON number, a decimal string (OTLP/JSON's 64-bit integers), or a Long. */
export function integerOf(from: object, name: string): number | undefined {
  const number = numberOf(from, name)
  if (number === undefined || Number.isInteger(number)) return number
  throw new MalformedError(name, 'a whole number')
}

/** A number. In OTLP, NaN and the infinities are numbers. */
export function numberOf(from: object, name: string): number | undefined {
  const value = memberOf(from, name)
  if (value === undefined || value === null) return undefined
  const number = asNumber(value)
  if (number === undefined) throw new MalformedError(name, 'a number')
  return number
}

/** A time in nanoseconds, rounded to microseconds; 0 when the member is missing. */
export function microsecondsOf(from: object, name: string): number {
  const nanoseconds = integerOf(from, name) ?? 0
  if (nanoseconds < 0 || nanoseconds > maxUint64) throw new MalformedError(name, 'nanoseconds since 1970, in 64 bits')
  return Math.round(nanoseconds / 1000)
}

/** A time in exact nanoseconds; 0 when the member is missing. */
export function nanosecondsOf(from: object, name: string): bigint {
  const value = memberOf(from, name)
  if (value === undefined || value === null) return 0n
  const nanoseconds = asBigInt(value)
  if (nanoseconds !== undefined && nanoseconds >= 0n && nanoseconds <= maxNanoseconds) return nanoseconds
  throw new MalformedError(name, expectedNanoseconds)
}

/** A list of numbers; empty when the member is missing. */
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

/** A trace or span id in lowercase hexadecimal, from hexadecimal or bytes; empty when it is missing or all zeros. */
export function idOf(from: object, name: string, bytes: 8 | 16): string {
  const value = memberOf(from, name)
  if (value === undefined || value === null || value === '') return ''
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
  if (typeof text !== 'string' || (text !== '' && (text.length !== bytes * 2 || !hex.test(text)))) {
    throw new MalformedError(name, `${bytes} bytes in hexadecimal`)
  }
  return /^0*$/.test(text) ? '' : text.toLowerCase()
}

/** A list of KeyValue as a plain object. */
export function attributesOf(from: object, name = 'attributes', depth = 0): Attributes {
  // Without a prototype, so that `__proto__` is an ordinary key.
  const attributes: Attributes = Object.create(null)
  readList(from, name, (member) => {
    const key = stringOf(member, 'key')
    attributes[key] = readObject(member, 'value', (value) => anyValue(value, depth + 1)) ?? null
  })
  return attributes
}

/** An AnyValue as plain JSON: bytes in base64, and integers that a JSON number can't represent as a string. */
export function anyValue(value: object, depth = 0): Value {
  if (depth > maxDepth) throw new MalformedError('', `nested less than ${maxDepth} deep`)
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
  if (isGiven(text) || isGiven(flag) || isGiven(bytes)) throw new MalformedError('', "a value of one of OTLP's types")
  const list = readObject(value, 'arrayValue', (array) => {
    const values: Value[] = []
    readList(array, 'values', (element) => void values.push(anyValue(element, depth + 1)))
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
