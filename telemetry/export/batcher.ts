import { gzipSync } from 'node:zlib'
import { withoutContext } from '../active-context'
import { createMicroBatch } from '../micro-batch'
import type { Batch, ExportQueue } from './export-queue'

/** Encodes spans or log records into requests. */
export interface Encoder<T> {
  /** Encodes one record. A record that can't be encoded, such as one with a throwing getter, is left out. */
  add(record: T): void
  /** Bytes added since the last `take()`; an estimate for protobuf. */
  bytes(): number
  /** The request with the records added since the last `take()`; valid until the next call. */
  take(): Batch
}

interface BatchSettings {
  /** The maximum time that a record waits for others. */
  delayMs: number
  /** The number of records at which a batch is sent without waiting. */
  maxBatchSize: number
}

// Receivers reject requests above their limit, which is 20 MiB for the OpenTelemetry Collector.
const maxBatchBytes = 1024 * 1024

/**
 * Encodes records into compressed batches. Records are encoded a few at a time, not all in one burst: this keeps the event
 * loop responsive, and bytes are waiting instead of objects.
 */
export function createBatcher<T>(
  encoder: Encoder<T>,
  { delayMs, maxBatchSize }: BatchSettings,
  compression: 'gzip' | 'none',
  queue: Pick<ExportQueue, 'enqueue' | 'countDropped'>,
) {
  const microBatch = createMicroBatch(encode)
  let size = 0
  let encoded = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  return {
    add(record: T): void {
      size++
      microBatch.add(record)
      if (size >= maxBatchSize) close()
      else timer ??= withoutContext(() => setTimeout(close, delayMs).unref())
    },
    /** Enqueues the records added so far. */
    close,
    /** Records added and not enqueued yet. */
    size: () => size,
  }

  function close(): void {
    clearTimeout(timer)
    timer = undefined
    microBatch.flush()
    if (encoded > 0) enqueue()
  }

  function encode(record: T): void {
    encoder.add(record)
    encoded++
    if (encoder.bytes() >= maxBatchBytes) enqueue()
  }

  function enqueue(): void {
    const { body, count } = encoder.take()
    if (count < encoded) queue.countDropped(encoded - count, 'unserializable')
    size -= encoded
    encoded = 0
    if (count > 0) queue.enqueue({ body: compression === 'gzip' ? gzip(body) : body.slice(), count })
  }
}

/** gzip at level 1: telemetry is so repetitive that higher levels gain little. */
export const gzip: (bytes: Uint8Array) => Uint8Array = process.versions.bun
  ? (bytes) => Bun.gzipSync(bytes as Uint8Array<ArrayBuffer>, { level: 1 })
  : (bytes) => gzipSync(bytes, { level: 1 })
