import { withoutContext } from '../active-context'

/** A request to a receiver, serialised and zipped. */
export interface Batch {
  body: Uint8Array
  /** Spans, log records or data points in it. */
  count: number
}

export interface SendResult {
  /** `retry`: nobody there, or not now. `refused`: the same batch would be refused again. */
  outcome: 'accepted' | 'retry' | 'refused'
  /** How many of an accepted batch the receiver threw away. */
  rejected?: number
  /** An error code or HTTP status. */
  reason?: string
  /** How long the receiver wants to be left alone. */
  retryAfterMs?: number | undefined
}

/** Sends a batch once. Never throws. */
export type SendBatch = (batch: Batch) => Promise<SendResult>

interface ExportQueueLimits {
  /** Items that may wait or be under way; beyond it the oldest batch is dropped. */
  maxItems: number
  maxBytes: number
  /** Batches under way at once, while all goes well. */
  concurrency: number
}

/** What became of all items so far; each is counted once. */
interface ExportCounts {
  exported: number
  /** Given up after an answer, by reason: an HTTP status, or `rejected` out of an accepted batch. */
  failed: Map<string, number>
  /** Never accepted by anybody: `queue_full`, `shutdown` or `unserializable`. */
  dropped: Map<string, number>
  queued: number
  inFlight: number
}

export type ExportQueue = ReturnType<typeof createExportQueue>

// Source: OTLP 1.9, "OTLP/HTTP Throttling" and "All Other Responses": exponential back-off with jitter.
const backOff = { firstMs: 500, mostMs: 5000, mostRetryAfterMs: 300_000 }

/**
 * Keeps batches until a receiver has them. One that is away is asked again, with one batch at a time and ever longer
 * pauses; what does not fit any more is dropped, the oldest first, and counted.
 * @param onHealth told at each answer whether the receiver does its work, and if not, why.
 */
export function createExportQueue(deliver: SendBatch, limits: ExportQueueLimits, onHealth: (failure?: string) => void) {
  const queue: Batch[] = []
  const counts: ExportCounts = { exported: 0, failed: new Map(), dropped: new Map(), queued: 0, inFlight: 0 }
  let waiting: ReturnType<typeof setTimeout> | undefined
  let waitsUntilMs = 0
  let isAsked = false
  let bytes = 0
  const underWay = new Set<Batch>()
  let failures = 0
  // Each with the batches that it has yet to see tried.
  const flushes = new Set<{ left: Set<Batch>; done(): void }>()

  return { enqueue, countDropped, flush, close, counts, limits }

  function enqueue(batch: Batch): void {
    queue.push(batch)
    counts.queued += batch.count
    bytes += batch.body.byteLength
    while (queue.length > 1 && (counts.queued + counts.inFlight > limits.maxItems || bytes > limits.maxBytes))
      drop('queue_full')
    pump()
  }

  /** Counts what never became part of a batch. */
  function countDropped(count: number, reason: string): void {
    add(counts.dropped, reason, count)
  }

  /**
   * Sends what waits, now, unless the receiver has asked to be left alone; ends when what was here has been tried.
   * @param isLast then a receiver is asked all the same.
   */
  function flush(isLast = false): Promise<void> {
    if (!isAsked || isLast) resume()
    if (isSettled()) return Promise.resolve()
    const { promise, resolve: done } = Promise.withResolvers<void>()
    flushes.add({ left: new Set([...queue, ...underWay]), done })
    return promise
  }

  /** Gives up what is still here. */
  function close(): void {
    clearTimeout(waiting)
    while (queue.length > 0) drop('shutdown')
  }

  function pump(): void {
    const most = failures > 0 ? 1 : limits.concurrency
    while (queue.length > 0 && waiting === undefined && underWay.size < most && fits())
      withoutContext(() => void attempt())
  }

  // What is under way takes no more than half of the room.
  function fits(): boolean {
    return underWay.size === 0 || counts.inFlight + (queue[0]?.count ?? 0) <= limits.maxItems / 2
  }

  async function attempt(): Promise<void> {
    const batch = queue.shift() as Batch
    underWay.add(batch)
    counts.queued -= batch.count
    counts.inFlight += batch.count
    const delivery = await deliver(batch)
    underWay.delete(batch)
    counts.inFlight -= batch.count
    if (delivery.outcome === 'retry') again(batch, delivery)
    else done(batch, delivery)
    settle(batch)
    pump()
  }

  function done(batch: Batch, { outcome, rejected = 0, reason = 'unknown' }: SendResult): void {
    bytes -= batch.body.byteLength
    failures = 0
    const lost = outcome === 'refused' ? batch.count : Math.min(Math.max(0, rejected), batch.count)
    const why = outcome === 'refused' ? reason : 'rejected'
    counts.exported += batch.count - lost
    if (lost > 0) add(counts.failed, why, lost)
    onHealth(lost === batch.count ? why : undefined)
  }

  function again(batch: Batch, { reason, retryAfterMs }: SendResult): void {
    queue.unshift(batch)
    counts.queued += batch.count
    // Several that were under way together are one failure.
    if (waiting === undefined) failures++
    const pauseMs = Math.min(backOff.firstMs * 2 ** (failures - 1), backOff.mostMs) * (0.75 + Math.random() / 2)
    wait(Math.min(retryAfterMs ?? pauseMs, backOff.mostRetryAfterMs), retryAfterMs !== undefined)
    onHealth(reason ?? 'unknown')
  }

  function wait(ms: number, isAskedFor: boolean): void {
    const untilMs = performance.now() + ms
    isAsked ||= isAskedFor
    if (waiting !== undefined && untilMs <= waitsUntilMs) return
    clearTimeout(waiting)
    waitsUntilMs = untilMs
    waiting = setTimeout(resume, ms)
    waiting.unref()
  }

  function resume(): void {
    clearTimeout(waiting)
    waiting = undefined
    isAsked = false
    pump()
  }

  function settle(batch: Batch): void {
    for (const flush of flushes) {
      flush.left.delete(batch)
      if (flush.left.size > 0 && !isSettled()) continue
      flushes.delete(flush)
      flush.done()
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
    return underWay.size === 0 && (queue.length === 0 || waiting !== undefined)
  }
}

const add = (counts: Map<string, number>, reason: string, count: number) =>
  counts.set(reason, (counts.get(reason) ?? 0) + count)
