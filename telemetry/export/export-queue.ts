import { withoutContext } from '../active-context'

/** The encoded body of one request. */
export interface Batch {
  body: Uint8Array
  /** Spans, log records or data points in it. */
  count: number
}

export interface SendResult {
  /** `retry`: the receiver is unavailable. `refused`: it would refuse the same batch again. */
  outcome: 'accepted' | 'retry' | 'refused'
  /** Records of an accepted batch that the receiver rejected. */
  rejected?: number
  /** An error code or HTTP status. */
  reason?: string
  /** `Retry-After` of the response. */
  retryAfterMs?: number | undefined
}

/** Sends a batch once. Never throws. */
export type SendBatch = (batch: Batch) => Promise<SendResult>

interface ExportQueueLimits {
  /** Records that may be queued or in flight; beyond it the oldest batch is dropped. */
  maxItems: number
  maxBytes: number
  /** Batches in flight at once; one while the receiver is unavailable. */
  concurrency: number
}

/** The outcome of all records so far. Each is counted once. */
interface ExportCounts {
  exported: number
  /** Refused by the receiver, by reason: an HTTP status, or `rejected` for a part of an accepted batch. */
  failed: Map<string, number>
  /** Never sent successfully, by reason: `queue_full`, `shutdown` or `unserializable`. */
  dropped: Map<string, number>
  queued: number
  inFlight: number
}

export type ExportQueue = ReturnType<typeof createExportQueue>

// Source: OTLP 1.9, "OTLP/HTTP Throttling" and "All Other Responses": exponential back-off with jitter.
const backOff = { firstMs: 500, maxMs: 5000, maxRetryAfterMs: 300_000 }

/**
 * Queues batches until a receiver has accepted them. While it is unavailable, one batch at a time is retried with
 * exponential back-off. Above the limits the oldest batches are dropped and counted.
 * @param onResult called after each attempt, with the reason if the receiver did not accept anything.
 */
export function createExportQueue(send: SendBatch, limits: ExportQueueLimits, onResult: (failure?: string) => void) {
  const queue: Batch[] = []
  const counts: ExportCounts = { exported: 0, failed: new Map(), dropped: new Map(), queued: 0, inFlight: 0 }
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let retryAtMs = 0
  let hasRetryAfter = false
  let bytes = 0
  const inFlight = new Set<Batch>()
  let failures = 0
  // Each flush with the batches whose attempt it waits for.
  const flushes = new Set<{ remaining: Set<Batch>; resolve(): void }>()

  return { enqueue, countDropped, flush, close, counts, limits }

  function enqueue(batch: Batch): void {
    queue.push(batch)
    counts.queued += batch.count
    bytes += batch.body.byteLength
    while (queue.length > 1 && (counts.queued + counts.inFlight > limits.maxItems || bytes > limits.maxBytes))
      drop('queue_full')
    pump()
  }

  /** Counts records that never became part of a batch. */
  function countDropped(count: number, reason: string): void {
    add(counts.dropped, reason, count)
  }

  /**
   * Sends the queued batches now, unless the receiver has sent `Retry-After`. Resolves when each has been tried once.
   * @param isLast ignores `Retry-After`: the process is about to stop.
   */
  function flush(isLast = false): Promise<void> {
    if (!hasRetryAfter || isLast) resume()
    if (isSettled()) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    flushes.add({ remaining: new Set([...queue, ...inFlight]), resolve })
    return promise
  }

  /** Drops all queued batches. */
  function close(): void {
    clearTimeout(retryTimer)
    while (queue.length > 0) drop('shutdown')
  }

  function pump(): void {
    const maxInFlight = failures > 0 ? 1 : limits.concurrency
    while (queue.length > 0 && retryTimer === undefined && inFlight.size < maxInFlight && hasCapacity())
      withoutContext(() => void sendNext())
  }

  // Batches in flight take at most half of the capacity.
  function hasCapacity(): boolean {
    return inFlight.size === 0 || counts.inFlight + (queue[0]?.count ?? 0) <= limits.maxItems / 2
  }

  async function sendNext(): Promise<void> {
    const batch = queue.shift() as Batch
    inFlight.add(batch)
    counts.queued -= batch.count
    counts.inFlight += batch.count
    const result = await send(batch)
    inFlight.delete(batch)
    counts.inFlight -= batch.count
    if (result.outcome === 'retry') retry(batch, result)
    else finish(batch, result)
    settle(batch)
    pump()
  }

  function finish(batch: Batch, { outcome, rejected = 0, reason = 'unknown' }: SendResult): void {
    bytes -= batch.body.byteLength
    failures = 0
    const lost = outcome === 'refused' ? batch.count : Math.min(Math.max(0, rejected), batch.count)
    const lossReason = outcome === 'refused' ? reason : 'rejected'
    counts.exported += batch.count - lost
    if (lost > 0) add(counts.failed, lossReason, lost)
    onResult(lost === batch.count ? lossReason : undefined)
  }

  function retry(batch: Batch, { reason, retryAfterMs }: SendResult): void {
    queue.unshift(batch)
    counts.queued += batch.count
    // Batches that were in flight together count as one failure.
    if (retryTimer === undefined) failures++
    const pauseMs = Math.min(backOff.firstMs * 2 ** (failures - 1), backOff.maxMs) * (0.75 + Math.random() / 2)
    wait(Math.min(retryAfterMs ?? pauseMs, backOff.maxRetryAfterMs), retryAfterMs !== undefined)
    onResult(reason ?? 'unknown')
  }

  function wait(ms: number, isRetryAfter: boolean): void {
    const untilMs = performance.now() + ms
    hasRetryAfter ||= isRetryAfter
    if (retryTimer !== undefined && untilMs <= retryAtMs) return
    clearTimeout(retryTimer)
    retryAtMs = untilMs
    retryTimer = setTimeout(resume, ms)
    retryTimer.unref()
  }

  function resume(): void {
    clearTimeout(retryTimer)
    retryTimer = undefined
    hasRetryAfter = false
    pump()
  }

  function settle(batch: Batch): void {
    for (const flush of flushes) {
      flush.remaining.delete(batch)
      if (flush.remaining.size > 0 && !isSettled()) continue
      flushes.delete(flush)
      flush.resolve()
    }
  }

  function drop(reason: string): void {
    const batch = queue.shift() as Batch
    counts.queued -= batch.count
    bytes -= batch.body.byteLength
    add(counts.dropped, reason, batch.count)
    settle(batch)
  }

  function isSettled(): boolean {
    return inFlight.size === 0 && (queue.length === 0 || retryTimer !== undefined)
  }
}

const add = (counts: Map<string, number>, reason: string, count: number) =>
  counts.set(reason, (counts.get(reason) ?? 0) + count)
