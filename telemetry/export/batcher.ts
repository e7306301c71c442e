import { gzipSync } from 'node:zlib'
import { withoutContext } from '../active-context'
import { createMicroBatch } from '../micro-batch'
import type { Batch, ExportQueue } from './export-queue'

/** Gathers items in the form in which they leave. */
export interface Encoder<T> {
  /** Leaves out what can't be written: a getter that throws, say. */
  add(item: T): void
  /** How much has been added since the last time, where that is known before it is taken. */
  bytes(): number
  /** The request of what was added since the last time, and how many items are in it; valid until the next call. */
  take(): Batch
}

interface BatchSettings {
  /** How long an item may wait for others. */
  delayMs: number
  /** Items that make a batch at once. */
  maxBatchSize: number
}

// Few items may be large ones; receivers refuse what is beyond their limit, of 20 MiB for a collector.
const maxBatchBytes = 1024 * 1024

/**
 * Gathers items into batches and hands each on, zipped. Items are serialised a few at a time, not all in one burst: that
 * keeps the event loop free, and what waits is text that is soon zipped, not objects.
 */
export function createBatcher<T>(
  encoding: Encoder<T>,
  { delayMs, maxBatchSize }: BatchSettings,
  compression: 'gzip' | 'none',
  outbox: Pick<ExportQueue, 'enqueue' | 'countDropped'>,
) {
  const groups = createMicroBatch(write)
  let gathered = 0
  let inBatch = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  return {
    add(item: T): void {
      gathered++
      groups.add(item)
      if (gathered >= maxBatchSize) close()
      else timer ??= withoutContext(() => setTimeout(close, delayMs).unref())
    },
    /** Hands on what has been gathered so far. */
    close,
    /** Items gathered and not handed on yet. */
    size: () => gathered,
  }

  function close(): void {
    clearTimeout(timer)
    timer = undefined
    groups.flush()
    if (inBatch > 0) handOn()
  }

  function write(item: T): void {
    encoding.add(item)
    inBatch++
    if (encoding.bytes() >= maxBatchBytes) handOn()
  }

  function handOn(): void {
    const { body, count } = encoding.take()
    if (count < inBatch) outbox.countDropped(inBatch - count, 'unserializable')
    gathered -= inBatch
    inBatch = 0
    if (count > 0) outbox.enqueue({ body: compression === 'gzip' ? gzip(body) : body.slice(), count })
  }
}

/** gzip, as fast as it goes: telemetry repeats itself so much that a higher level gains little. */
export const gzip: (bytes: Uint8Array) => Uint8Array = process.versions.bun
  ? (bytes) => Bun.gzipSync(bytes as Uint8Array<ArrayBuffer>, { level: 1 })
  : (bytes) => gzipSync(bytes, { level: 1 })
