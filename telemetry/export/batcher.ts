import { gzipSync } from 'node:zlib'
import { outside } from '../scope'
import type { Batch } from './outbox'

/** Gathers items in the form in which they leave. */
export interface Encoding<T> {
  add(item: T): void
  /** How much has been added since the last time, where that is known before it is taken. */
  bytes(): number
  /** The request body of what was added since the last time; valid until the next call. */
  take(): Uint8Array
}

export interface BatchSettings {
  /** How long an item may wait for others. */
  delayMs: number
  /** Items that make a batch at once. */
  maxBatchSize: number
}

// Few items may be large ones; receivers refuse what is beyond their limit, of 20 MiB for a collector.
const maxBatchBytes = 1024 * 1024

/**
 * Gathers items into batches and hands each on, zipped. Items are serialised as they come, not in one burst later: that
 * keeps the event loop free, and what waits is text that is soon zipped, not objects.
 */
export function createBatcher<T>(
  encoding: Encoding<T>,
  { delayMs, maxBatchSize }: BatchSettings,
  compression: 'gzip' | 'none',
  put: (batch: Batch) => void,
) {
  let count = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  return {
    add(item: T): void {
      encoding.add(item)
      count++
      if (count >= maxBatchSize || encoding.bytes() >= maxBatchBytes) close()
      else timer ??= outside(() => setTimeout(close, delayMs).unref())
    },
    /** Hands on what has been gathered so far. */
    close,
    /** Items gathered and not handed on yet. */
    size: () => count,
  }

  function close(): void {
    clearTimeout(timer)
    timer = undefined
    if (count === 0) return
    const body = encoding.take()
    const batch = { body: compression === 'gzip' ? zip(body) : body.slice(), count }
    count = 0
    put(batch)
  }
}

/** gzip, as fast as it goes: telemetry repeats itself so much that a higher level gains little. */
export const zip: (bytes: Uint8Array) => Uint8Array = process.versions.bun
  ? (bytes) => Bun.gzipSync(bytes as Uint8Array<ArrayBuffer>, { level: 1 })
  : (bytes) => gzipSync(bytes, { level: 1 })
