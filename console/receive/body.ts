import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { countItems } from './count-items'
import { HttpError } from './http-error'
import { MalformedError } from './malformed'
import { otlpType } from './schema'

export interface BodyLimits {
  /** Of one request, as it comes and unzipped. */
  maxBytes: number
  /** Of all requests under way together. */
  maxInFlightBytes: number
}

/** A request's body, unzipped. */
export interface UncompressedBody {
  bytes: Uint8Array
  isJson: boolean
}

// Decoded, an item takes some hundred times the bytes of an empty one.
const maxItems = 100_000

const unzip = promisify(gunzip)
// What is being unzipped and taken apart is many times what came: a few at a time, the others wait as they came.
const mostAtOnce = 2

/** Reads the bodies of export requests within limits. */
export function createBodyReader({ maxBytes, maxInFlightBytes }: BodyLimits) {
  let underWayBytes = 0
  let atOnce = 0
  const waiting: (() => void)[] = []
  return { handle, read }

  /**
   * Hands a request's body on, as it came and as an object of OTLP/JSON's shape, and returns what `work` makes of it.
   * @throws Refused
   */
  function handle<T>(request: Request, message: string, work: (bytes: Uint8Array, content: object) => T): Promise<T> {
    return read(request, (bytes, body) => work(bytes, decodeBody(body, message)))
  }

  /** The same with the body unzipped, and not yet decoded. */
  async function read<T>(request: Request, work: (bytes: Uint8Array, body: UncompressedBody) => T): Promise<T> {
    const isJson = formatOf(request.headers.get('content-type'))
    const isZipped = zippedOf(request.headers.get('content-encoding'))
    if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
    let heldBytes = 0
    const hold = (bytes: number) => {
      if (underWayBytes + bytes > maxInFlightBytes) {
        throw new HttpError(429, 'too many exports at once: send this one again in a second')
      }
      heldBytes += bytes
      underWayBytes += bytes
    }
    try {
      const bytes = await received(request, hold)
      return await oneOfFew(async () => {
        const plain = isZipped ? await unzipped(bytes) : bytes
        return work(bytes, { bytes: plain, isJson })
      })
    } finally {
      underWayBytes -= heldBytes
    }
  }

  async function received(request: Request, hold: (bytes: number) => void): Promise<Uint8Array> {
    const announced = request.headers.get('content-length')
    if (announced !== null) {
      hold(Number(announced))
      return new Uint8Array(await request.arrayBuffer())
    }
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) throw tooLarge()
      hold(chunk.byteLength)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  async function oneOfFew<T>(work: () => Promise<T>): Promise<T> {
    if (atOnce >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    atOnce++
    try {
      return await work()
    } finally {
      atOnce--
      waiting.shift()?.()
    }
  }

  async function unzipped(bytes: Uint8Array): Promise<Uint8Array> {
    try {
      return await unzip(bytes, { maxOutputLength: maxBytes })
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
      throw new HttpError(400, 'the body is not gzip, though Content-Encoding says so')
    }
  }

  function tooLarge(): HttpError {
    const megabytes = Math.round(maxBytes / 1024 / 1024)
    return new HttpError(
      413,
      `more than ${megabytes} MB in one request: export smaller batches (OTEL_BSP_MAX_EXPORT_BATCH_SIZE)`,
    )
  }
}

function formatOf(type: string | null): boolean {
  const name = type?.split(';')[0]?.trim().toLowerCase()
  if (name === 'application/json') return true
  if (name === 'application/x-protobuf') return false
  throw new HttpError(
    415,
    `Content-Type must be application/json or application/x-protobuf, and is ${name ?? 'missing'}`,
  )
}

function zippedOf(encoding: string | null): boolean {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity') return false
  if (name === 'gzip') return true
  throw new HttpError(415, `Content-Encoding must be gzip or none, and is ${name}`)
}

/** A body as an object of OTLP/JSON's shape. @throws Refused, Malformed */
export const decodeBody = ({ bytes, isJson }: UncompressedBody, message: string): object =>
  isJson ? fromJson(bytes) : fromProtobuf(bytes, message)

function fromJson(bytes: Uint8Array): object {
  const value = parsed(new TextDecoder().decode(bytes))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new MalformedError('', 'a JSON object')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new HttpError(400, `the body is not JSON: ${(error as Error).message}`)
  }
}

function fromProtobuf(bytes: Uint8Array, message: string): object {
  assertItemCount(countItems(bytes))
  try {
    return otlpType(message).decode(bytes)
  } catch (error) {
    throw new HttpError(400, `the body is no ${message} in protobuf: ${(error as Error).message}`)
  }
}

/** @throws Refused for an export request with more items than are decoded at once */
export function assertItemCount(items: number): void {
  if (items <= maxItems) return
  throw new HttpError(413, `${items} items in one request, and ${maxItems} is the limit: export smaller batches`)
}
