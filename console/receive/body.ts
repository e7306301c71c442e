import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { createConcurrencyLimit } from '../concurrency-limit'
import { HttpError, MalformedError } from './errors'
import { ProtobufReader } from './protobuf-reader'
import { otlpType } from './schema'

export interface BodyLimits {
  /** Of one request, both as received and uncompressed. */
  maxBytes: number
  /** Of all requests in flight together, as received. */
  maxInFlightBytes: number
}

export interface UncompressedBody {
  bytes: Uint8Array
  isJson: boolean
}

const megabyte = 1024 * 1024
export const defaultLimits: BodyLimits = { maxBytes: 16 * megabyte, maxInFlightBytes: 64 * megabyte }

// An empty item takes two bytes in protobuf, and some hundred times as many when it is decoded.
const maxItems = 100_000

const uncompress = promisify(gunzip)

/** Reads the bodies of export requests within limits. */
export function createBodyReader({ maxBytes, maxInFlightBytes }: BodyLimits) {
  let inFlightBytes = 0
  // An uncompressed and decoded body is many times larger than the received one, so the others wait compressed.
  const runLimited = createConcurrencyLimit({ maxRunning: 2 })
  return { readDecoded, read }

  /**
   * Reads a body and decodes it to an object in the shape of OTLP/JSON. Returns what `handle` returns.
   * @throws HttpError
   */
  function readDecoded<T>(
    request: Request,
    message: string,
    handle: (received: Uint8Array, content: object) => T,
  ): Promise<T> {
    return read(request, (received, body) => handle(received, decodeBody(body, message)))
  }

  /**
   * Reads a body and uncompresses it. Returns what `handle` returns.
   * @throws HttpError
   */
  async function read<T>(request: Request, handle: (received: Uint8Array, body: UncompressedBody) => T): Promise<T> {
    const isJson = isJsonType(request.headers.get('content-type'))
    const isCompressed = isGzip(request.headers.get('content-encoding'))
    if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
    let reservedBytes = 0
    const reserve = (bytes: number) => {
      if (inFlightBytes + bytes > maxInFlightBytes) {
        throw new HttpError(429, 'too many export requests at once: send this one again in a second')
      }
      reservedBytes += bytes
      inFlightBytes += bytes
    }
    try {
      const received = await receive(request, reserve)
      return await runLimited(async () => {
        const bytes = isCompressed ? await uncompressed(received) : received
        return handle(received, { bytes, isJson })
      })
    } finally {
      inFlightBytes -= reservedBytes
    }
  }

  async function receive(request: Request, reserve: (bytes: number) => void): Promise<Uint8Array> {
    const contentLength = request.headers.get('content-length')
    if (contentLength !== null) {
      reserve(Number(contentLength))
      return new Uint8Array(await request.arrayBuffer())
    }
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) throw tooLarge()
      reserve(chunk.byteLength)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  async function uncompressed(bytes: Uint8Array): Promise<Uint8Array> {
    try {
      return await uncompress(bytes, { maxOutputLength: maxBytes })
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
      throw new HttpError(400, 'the body is not gzip, although Content-Encoding is gzip')
    }
  }

  function tooLarge(): HttpError {
    const megabytes = Math.round(maxBytes / megabyte)
    return new HttpError(
      413,
      `more than ${megabytes} MB in one request: export smaller batches (OTEL_BSP_MAX_EXPORT_BATCH_SIZE)`,
    )
  }
}

function isJsonType(type: string | null): boolean {
  const name = type?.split(';')[0]?.trim().toLowerCase()
  if (name === 'application/json') return true
  if (name === 'application/x-protobuf') return false
  throw new HttpError(
    415,
    `Content-Type must be application/json or application/x-protobuf, and is ${name ?? 'missing'}`,
  )
}

function isGzip(encoding: string | null): boolean {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity') return false
  if (name === 'gzip') return true
  throw new HttpError(415, `Content-Encoding must be gzip or none, and is ${name}`)
}

/** Decodes a body to an object in the shape of OTLP/JSON. @throws HttpError */
export const decodeBody = ({ bytes, isJson }: UncompressedBody, message: string): object =>
  isJson ? fromJson(bytes) : fromProtobuf(bytes, message)

function fromJson(bytes: Uint8Array): object {
  const value = parseJson(new TextDecoder().decode(bytes))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new MalformedError('', 'a JSON object')
}

function parseJson(text: string): unknown {
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
    throw new HttpError(400, `the body is not a protobuf ${message}: ${(error as Error).message}`)
  }
}

/** @throws HttpError for an export request with more spans, metrics or log records than may be decoded at once */
export function assertItemCount(items: number): void {
  if (items <= maxItems) return
  throw new HttpError(413, `${items} items in one request, and ${maxItems} is the limit: export smaller batches`)
}

/**
 * Counts the spans, metrics or log records of an export request in protobuf without decoding them. In all three signals,
 * resources, scopes and items have the field numbers 1, 2 and 2.
 * @throws HttpError
 */
function countItems(bytes: Uint8Array): number {
  const reader = new ProtobufReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return count([1, 2, 2])

  function count([field, ...inner]: number[]): number {
    let items = 0
    while (reader.next()) {
      if (reader.field !== field || inner.length === 0) {
        if (reader.field === field) items++
        reader.skip()
        continue
      }
      const outer = reader.enter()
      items += count(inner)
      reader.leave(outer)
    }
    return items
  }
}
