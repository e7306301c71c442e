import type { Context, MiddlewareHandler } from 'hono'
import { DomainError } from './problem'

export interface BodyReceiverOptions {
  /** Larger bodies are not read; `limitBody` refuses them. */
  maxBytes: number
  /** Milliseconds from the headers to the end of the body. */
  timeoutMs: number
  /** Bodies that may be on their way at the same time; further ones are `OVERLOADED`. */
  maxPending: number
}

const tooLargeKey = 'bodyTooLarge'

/**
 * Returns a function that waits for the body of a request, so that slow bodies do not count as work. `c.req.text()` and
 * `c.req.json()` then return at once.
 * @throws DomainError `BODY_TIMEOUT`; `INVALID_REQUEST` when the client stops sending
 */
export function bodyReceiver({ maxBytes, timeoutMs, maxPending }: BodyReceiverOptions) {
  let pending = 0

  return async function receiveBody(c: Context): Promise<void> {
    if (pending >= maxPending) throw overloaded
    pending++
    const arrival = read(c)
    let timer: Timer | undefined
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DomainError('BODY_TIMEOUT', { timeout_ms: timeoutMs })), timeoutMs)
    })
    try {
      await Promise.race([arrival, timeout])
    } catch (error) {
      throw error instanceof DomainError ? error : new DomainError('INVALID_REQUEST', endedEarly, { cause: error })
    } finally {
      clearTimeout(timer)
      pending--
    }
  }

  async function read(c: Context): Promise<void> {
    const length = c.req.raw.headers.get('content-length')
    if (length !== null && Number(length) > maxBytes) return c.set(tooLargeKey, true)
    if (length !== null) return void (await c.req.text())
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of c.req.raw.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) return c.set(tooLargeKey, true)
      chunks.push(chunk)
    }
    // Hono's type is a string, and its methods expect a promise of one.
    c.req.bodyCache.text = Promise.resolve(new TextDecoder().decode(Buffer.concat(chunks))) as unknown as string
  }
}

/** Whether a request can have a body. The body itself is not touched: that would create its stream. */
export function mayHaveBody({ method, headers }: Request): boolean {
  return method !== 'GET' && method !== 'HEAD' && headers.get('content-length') !== '0'
}

/** Refuses requests whose body is larger than `bodyReceiver` reads. */
export function limitBody(onError: () => never): MiddlewareHandler {
  return function limitBody(c, next) {
    return c.get(tooLargeKey) ? onError() : next()
  }
}

// Created once: capturing a stack costs more than the whole response.
const overloaded = new DomainError('OVERLOADED')
const endedEarly = { detail: 'The body ended before its announced length' }
