import { type Context, Hono } from 'hono'
import { createBodyReader, type UncompressedBody } from '../receive/body'
import { HttpError } from '../receive/http-error'
import { MalformedError } from '../receive/malformed'
import { otlpType } from '../receive/schema'
import type { LogStore, Rejected } from './store'

const megabyte = 1024 * 1024
const limits = { maxBytes: 16 * megabyte, maxInFlightBytes: 64 * megabyte }

/** Receives logs by OTLP/HTTP at Loki's path: `POST /otlp/v1/logs`. */
export function otlpLogReceiver(store: LogStore) {
  const bodies = createBodyReader(limits)
  return new Hono().post('/otlp/v1/logs', async (c) => {
    try {
      return await bodies.read(c.req.raw, (_bytes, body) => {
        const { count, reason } = add(body)
        if (count === 0) return respond(c, 'ExportResponse', {}, 200)
        return partialSuccess(c, count, `${count} lines are rejected: ${reason}`)
      })
    } catch (error) {
      if (!(error instanceof HttpError || error instanceof MalformedError)) throw error
      const status = error instanceof HttpError ? error.status : 400
      if (status === 429 || status === 503) c.header('Retry-After', '1')
      return respond(c, 'RpcStatus', { code: rpcCodes[status] ?? 3, message: error.message }, status)
    }
  })

  // On 503 the sender retries, so a line that is not stored is not lost.
  function add(body: UncompressedBody): Rejected {
    try {
      return store.add(body)
    } catch (error) {
      if (error instanceof HttpError || error instanceof MalformedError) throw error
      throw new HttpError(503, `the lines could not be stored: ${(error as Error).message}`)
    }
  }
}

// google.rpc.Code: RESOURCE_EXHAUSTED and UNAVAILABLE; any other status is INVALID_ARGUMENT, 3.
const rpcCodes: Partial<Record<number, number>> = { 429: 8, 503: 14 }

function partialSuccess(c: Context, rejected: number, errorMessage: string): Response {
  const inJson = { partialSuccess: { rejectedLogRecords: String(rejected), errorMessage } }
  const inProtobuf = { partialSuccess: { rejected, errorMessage } }
  return respond(c, 'ExportResponse', isProtobuf(c) ? inProtobuf : inJson, 200)
}

const isProtobuf = (c: Context) => c.req.header('content-type')?.startsWith('application/x-protobuf') ?? false

function respond(c: Context, message: string, content: object, status: 200 | HttpError['status']): Response {
  if (!isProtobuf(c)) return c.json(content, status)
  const bytes = new Uint8Array(otlpType(message).encode(content).finish())
  return c.body(bytes, status, { 'Content-Type': 'application/x-protobuf' })
}
