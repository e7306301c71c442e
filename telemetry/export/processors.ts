import { TraceFlags } from '@opentelemetry/api'
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { createBatcher } from './batcher'
import type { ExportQueue } from './export-queue'

type Batcher<T> = Pick<ReturnType<typeof createBatcher<T>>, 'add' | 'close'>
type Sink = Pick<ExportQueue, 'flush' | 'close'>

/** An SDK span processor that batches sampled spans, ours and the SDK's. */
export function spanProcessor(batcher: Batcher<ReadableSpan>, queue: Sink): SpanProcessor {
  return {
    // Without parameters: the tracer then skips creating a context.
    onStart() {},
    onEnd(span) {
      if (span.spanContext().traceFlags & TraceFlags.SAMPLED) batcher.add(span)
    },
    ...lifecycle(batcher, queue),
  }
}

/** An SDK log record processor that batches records. */
export function logRecordProcessor(batcher: Batcher<ReadableLogRecord>, queue: Sink): LogRecordProcessor {
  return { onEmit: (record) => batcher.add(record), ...lifecycle(batcher, queue) }
}

function lifecycle(batcher: { close(): void }, queue: Sink) {
  return {
    async forceFlush() {
      batcher.close()
      await queue.flush()
    },
    async shutdown() {
      batcher.close()
      await queue.flush(true)
      queue.close()
    },
  }
}
