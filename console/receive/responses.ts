import type { Context } from 'hono'
import type { HttpError } from './errors'
import { otlpType } from './schema'

export type RejectedName = 'rejectedSpans' | 'rejectedLogRecords' | 'rejectedDataPoints'

// google.rpc.Code: RESOURCE_EXHAUSTED and UNAVAILABLE.
const rpcCodes: Partial<Record<number, number>> = { 429: 8, 503: 14 }
const invalidArgument = 3

/**
 * The response to an accepted export request, in the encoding of the request. When items were rejected, it is a partial success.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export function exportResponse(c: Context, name: RejectedName, rejected: number, errorMessage: string): Response {
  if (rejected === 0) return respond(c, 'ExportResponse', {}, 200)
  const partialSuccess = isProtobuf(c) ? { rejected, errorMessage } : { [name]: String(rejected), errorMessage }
  return respond(c, 'ExportResponse', { partialSuccess }, 200)
}

/** The response to a refused export request. An exporter retries after 429 and 503. */
export function errorResponse(c: Context, { status, message }: HttpError): Response {
  if (status === 429 || status === 503) c.header('Retry-After', '1')
  return respond(c, 'RpcStatus', { code: rpcCodes[status] ?? invalidArgument, message }, status)
}

function respond(c: Context, message: string, content: object, status: 200 | HttpError['status']): Response {
  if (!isProtobuf(c)) return c.json(content, status)
  const bytes = new Uint8Array(otlpType(message).encode(content).finish())
  return c.body(bytes, status, { 'Content-Type': 'application/x-protobuf' })
}

const isProtobuf = (c: Context) => c.req.header('content-type')?.startsWith('application/x-protobuf') ?? false
