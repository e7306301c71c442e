import { type Context, Hono } from 'hono'
import { createBodies, type PlainBody, Refused } from '../receive/body'
import { Malformed } from '../receive/malformed'
import { otlpType } from '../receive/schema'
import type { LogStore } from './store'

const megabyte = 1024 * 1024
const limits = { maxBytes: 16 * megabyte, maxUnderWayBytes: 64 * megabyte }

/** Receives logs by OTLP/HTTP at Loki's path: `POST /otlp/v1/logs`. */
export function intake(store: LogStore) {
  const bodies = createBodies(limits)
  return new Hono().post('/otlp/v1/logs', async (c) => {
    try {
      return await bodies.read(c.req.raw, (_bytes, body) => {
        add(body)
        return respond(c, 'ExportResponse', {}, 200)
      })
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Malformed)) throw error
      const status = error instanceof Refused ? error.status : 400
      if (status === 429 || status === 503) c.header('Retry-After', '1')
      return respond(c, 'RpcStatus', { code: rpcCodes[status] ?? 3, message: error.message }, status)
    }
  })

  // On 503 the sender retries, so a line that is not stored is not lost.
  function add(body: PlainBody): void {
    try {
      store.add(body)
    } catch (error) {
      if (error instanceof Refused || error instanceof Malformed) throw error
      throw new Refused(503, `the lines could not be stored: ${(error as Error).message}`)
    }
  }
}

// google.rpc.Code: RESOURCE_EXHAUSTED and UNAVAILABLE; any other status is INVALID_ARGUMENT, 3.
const rpcCodes: Partial<Record<number, number>> = { 429: 8, 503: 14 }

function respond(c: Context, message: string, content: object, status: 200 | Refused['status']): Response {
  const isProtobuf = c.req.header('content-type')?.startsWith('application/x-protobuf')
  if (!isProtobuf) return c.json(content, status)
  const bytes = new Uint8Array(otlpType(message).encode(content).finish())
  return c.body(bytes, status, { 'Content-Type': 'application/x-protobuf' })
}
