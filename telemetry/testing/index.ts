import { MetricReader } from '@opentelemetry/sdk-metrics'
import { jsonLogEncoder, jsonSpanEncoder } from '../encode/otlp-request'
import { createBatcher } from '../export/batcher'
import { collectMetrics } from '../export/collect-metrics'
import type { Batch } from '../export/export-queue'
import type { CreatePipeline } from '../export/pipeline'
import { logRecordProcessor, spanProcessor } from '../export/processors'
import { temporalitySelector } from '../metrics/temporality'
import { readSettings } from '../settings/settings'
import { createTelemetry, type Telemetry, type TelemetryOptions } from '../telemetry'
import {
  type ExportedDataPoint,
  type ExportedLogRecord,
  type ExportedMetric,
  type ExportedSpan,
  logRecordsIn,
  metricsIn,
  spansIn,
} from './otlp'
import { treeOf } from './tree'

export { matchers } from './matchers'
export {
  type ExportedDataPoint,
  type ExportedLogRecord,
  type ExportedMetric,
  type ExportedSpan,
  logRecordsIn,
  metricsIn,
  spansIn,
} from './otlp'
export { undeclared } from './undeclared'

type Labels = Record<string, unknown>

/**
 * Keeps what any number of services export, for tests: everything goes through the same encoders as in production and is
 * read back from the OTLP that would have left. `const { telemetry, span } = recordTelemetry()`, then
 * `expect(span('checkout_process')).toHaveAttributes({…})`.
 */
export function recordTelemetry() {
  const spans: ExportedSpan[] = []
  const logs: ExportedLogRecord[] = []
  const readers: OnDemandReader[] = []
  const unread: { spans: Batch[]; logs: Batch[] } = { spans: [], logs: [] }
  const lines: Record<string, unknown>[] = []
  const arrived = () => {
    for (const batch of unread.spans.splice(0)) spans.push(...spansIn(parse(batch)))
    for (const batch of unread.logs.splice(0)) logs.push(...logRecordsIn(parse(batch)))
  }

  return {
    telemetry,
    spans: all,
    failedSpanNames,
    span,
    tree,
    logs: logsOf,
    lines: () => lines,
    metric,
    series,
    metrics,
    reset,
  }

  /** A service's telemetry whose signals stay here. */
  function telemetry(serviceName: string, options: Partial<TelemetryOptions> = {}): Telemetry {
    const env = options.env ?? { DEPLOYMENT_ENVIRONMENT: 'test' }
    return createTelemetry({
      serviceName,
      write: (line) => lines.push(JSON.parse(line)),
      pipeline: pipelineFor(env),
      ...options,
      env,
    })
  }

  /** All finished spans, in the order in which they ended. */
  function all(): ExportedSpan[] {
    arrived()
    return spans
  }

  /** The names of all spans that failed. */
  function failedSpanNames(): string[] {
    return all()
      .filter(({ status }) => status.code === 2)
      .map(({ name }) => name)
  }

  /** The newest finished span of that name. */
  function span(name: string): ExportedSpan {
    const found = all().findLast((span) => span.name === name)
    if (found) return found
    throw new Error(
      `no span "${name}"; there are: ${[...new Set(spans.map((span) => span.name))].join(', ') || 'none'}`,
    )
  }

  /** The spans of a trace as indented text, children in the order in which they started. */
  function tree(traceId: string): string {
    return treeOf(all(), traceId)
  }

  /** Log records, of one event name if given. */
  function logsOf(eventName?: string): ExportedLogRecord[] {
    arrived()
    return logs.filter((log) => eventName === undefined || log.eventName === eventName)
  }

  /** The sum (histogram: the count) of a metric over the series that carry all of `labels`; `undefined` without series. */
  async function metric(name: string, labels: Labels = {}): Promise<number | undefined> {
    const points = (await series(name)).filter((point) => carries(point.attributes, labels))
    return points.length === 0 ? undefined : points.reduce((sum, { value }) => sum + value, 0)
  }

  /** All data points of a metric. */
  async function series(name: string): Promise<ExportedDataPoint[]> {
    return (await metrics()).filter((metric) => metric.name === name).flatMap(({ points }) => points)
  }

  /** All metrics of all services, as collected now. */
  async function metrics(): Promise<ExportedMetric[]> {
    return (await Promise.all(readers.map((reader) => reader.read()))).flat()
  }

  /** Forgets spans, logs and lines; metrics go on counting. */
  function reset(): void {
    arrived()
    spans.length = logs.length = lines.length = 0
  }

  function pipelineFor(env: TelemetryOptions['env'] = {}): CreatePipeline {
    const { temporality } = readSettings('test', env).settings
    const sink = { flush: async () => {}, close() {} }
    // One by one, so that what several services say stays in its order.
    const settings = { delayMs: 1, maxBatchSize: 1 }
    return (producer) => {
      const reader = new OnDemandReader({
        metricProducers: [producer],
        aggregationTemporalitySelector: temporalitySelector(temporality),
      })
      readers.push(reader)
      const spanBatches = createBatcher(jsonSpanEncoder(), settings, 'none', keptIn(unread.spans))
      const logBatches = createBatcher(jsonLogEncoder(), settings, 'none', keptIn(unread.logs))
      return {
        spanProcessors: [spanProcessor(spanBatches, sink)],
        metricReaders: [reader],
        logRecordProcessors: [logRecordProcessor(logBatches, sink)],
      }
    }
  }
}

export type TelemetryRecording = ReturnType<typeof recordTelemetry>

class OnDemandReader extends MetricReader {
  async read(): Promise<ExportedMetric[]> {
    const batch = await collectMetrics(this, 'http/json')
    return batch ? metricsIn(parse(batch)) : []
  }

  protected async onForceFlush() {}
  protected async onShutdown() {}
}

const keptIn = (batches: Batch[]) => ({ enqueue: (batch: Batch) => void batches.push(batch), countDropped() {} })
const parse = ({ body }: Pick<Batch, 'body'>) => JSON.parse(new TextDecoder().decode(body))
const carries = (attributes: Labels, labels: Labels) =>
  Object.entries(labels).every(([key, value]) => attributes[key] === value)
