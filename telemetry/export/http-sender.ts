import { request as httpsRequest } from 'node:https'
import {
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import type { Endpoint } from '../settings/endpoint'
import type { SendBatch, SendResult } from './export-queue'

interface HttpResponse {
  status: number
  retryAfter: string | null
  body: Uint8Array
}

// Source: OTLP 1.9, "OTLP/HTTP Response".
const retryableStatuses = new Set([429, 502, 503, 504])
const protobuf = { traces: ProtobufTraceSerializer, metrics: ProtobufMetricsSerializer, logs: ProtobufLogsSerializer }

/** Sends a request: the signature of `fetch`. */
export type Send = (url: string, init: RequestInit) => Promise<Response>

/** Sends batches of one signal to an OTLP/HTTP endpoint. @param send replaces `fetch`. */
export function httpSender(endpoint: Endpoint, send: Send = fetch): SendBatch {
  const headers: Record<string, string> = {
    'user-agent': 'vitrine-telemetry',
    ...endpoint.headers,
    'content-type': endpoint.protocol === 'http/protobuf' ? 'application/x-protobuf' : 'application/json',
    ...(endpoint.compression === 'gzip' && { 'content-encoding': 'gzip' }),
  }
  // Node's fetch has no option for certificates.
  const isTls = endpoint.tls !== undefined && endpoint.url.startsWith('https:')
  const post = isTls && !process.versions.bun && send === fetch ? postByNode : postByFetch
  return async ({ body }) => {
    try {
      return resultOf(await post(endpoint, headers, body, send), endpoint)
    } catch (error) {
      return { outcome: 'retry', reason: codeOf(error) }
    }
  }
}

function resultOf({ status, retryAfter, body }: HttpResponse, endpoint: Endpoint): SendResult {
  if (status >= 200 && status < 300) return { outcome: 'accepted', rejected: rejectedOf(body, endpoint) }
  if (retryableStatuses.has(status)) return { outcome: 'retry', reason: String(status), retryAfterMs: inMs(retryAfter) }
  return { outcome: 'refused', reason: String(status) }
}

async function postByFetch(
  endpoint: Endpoint,
  headers: Record<string, string>,
  body: Uint8Array,
  send: Send,
): Promise<HttpResponse> {
  const signal = AbortSignal.timeout(endpoint.timeoutMs)
  const tls = endpoint.tls && { tls: endpoint.tls }
  const response = await send(endpoint.url, {
    method: 'POST',
    headers,
    body: body as Uint8Array<ArrayBuffer>,
    signal,
    // A redirect to a login page must not count as accepted, although that page responds with 200.
    redirect: 'manual',
    ...tls,
  })
  const responseBody = new Uint8Array(await response.arrayBuffer())
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: responseBody }
}

function postByNode(endpoint: Endpoint, headers: Record<string, string>, body: Uint8Array): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { ...headers, 'Content-Length': body.byteLength }, ...endpoint.tls }
    const signal = AbortSignal.timeout(endpoint.timeoutMs)
    const request = httpsRequest(endpoint.url, { ...options, signal }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const retryAfter = response.headers['retry-after'] ?? null
        resolve({ status: response.statusCode ?? 0, retryAfter, body: Buffer.concat(chunks) })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

// Source: OTLP 1.9, "Partial Success". A malformed response counts as no rejection.
function rejectedOf(body: Uint8Array, { signal, protocol }: Endpoint): number {
  if (body.byteLength === 0) return 0
  try {
    const response =
      protocol === 'http/protobuf'
        ? protobuf[signal].deserializeResponse(body)
        : JSON.parse(new TextDecoder().decode(body))
    const { rejectedSpans, rejectedLogRecords, rejectedDataPoints } = response?.partialSuccess ?? {}
    return Number(rejectedSpans ?? rejectedLogRecords ?? rejectedDataPoints ?? 0) || 0
  } catch {
    return 0
  }
}

// Seconds, or a date. Source: RFC 9110, section 10.2.3.
function inMs(retryAfter: string | null): number | undefined {
  if (!retryAfter) return undefined
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now()
  return ms >= 0 ? ms : undefined
}

function codeOf(error: unknown): string {
  const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: string; cause?: { code?: unknown } }
  const found = typeof cause?.code === 'string' ? cause.code : code
  if (name === 'TimeoutError' || name === 'AbortError') return 'TimeoutError'
  return typeof found === 'string' ? found : (name ?? 'unknown')
}
