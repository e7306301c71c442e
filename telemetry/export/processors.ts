import { TraceFlags } from '@opentelemetry/api'
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { createBatcher } from './batcher'
import type { ExportQueue } from './export-queue'

type Batcher<T> = Pick<ReturnType<typeof createBatcher<T>>, 'add' | 'close'>
type Sink = Pick<ExportQueue, 'flush' | 'close'>

/** The SDK's span processor over a batcher: takes spans of any make. */
export function spanProcessor(batcher: Batcher<ReadableSpan>, outbox: Sink): SpanProcessor {
  return {
    // Without parameters: nobody needs to make a context for it.
    onStart() {},
    onEnd(span) {
      if (span.spanContext().traceFlags & TraceFlags.SAMPLED) batcher.add(span)
    },
    ...life(batcher, outbox),
  }
}

/** The SDK's log record processor over a batcher. */
export function logRecordProcessor(batcher: Batcher<ReadableLogRecord>, outbox: Sink): LogRecordProcessor {
  return { onEmit: (record) => batcher.add(record), ...life(batcher, outbox) }
}

function life(batcher: { close(): void }, outbox: Sink) {
  return {
    async forceFlush() {
      batcher.close()
      await outbox.flush()
    },
    async shutdown() {
      batcher.close()
      await outbox.flush(true)
      outbox.close()
    },
  }
}
