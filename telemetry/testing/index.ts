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

type AttributeSet = Record<string, unknown>

/**
 * Records what any number of services export, for tests. Signals pass through the encoders of production and are read back
 * from the OTLP requests.
 * @example
 * const { telemetry, span } = recordTelemetry()
 * expect(span('checkout_process')).toHaveAttributes({ 'process.status': 'success' })
 */
export function recordTelemetry() {
  const spans: ExportedSpan[] = []
  const logs: ExportedLogRecord[] = []
  const readers: OnDemandReader[] = []
  const batches: { spans: Batch[]; logs: Batch[] } = { spans: [], logs: [] }
  const lines: Record<string, unknown>[] = []
  const readBatches = () => {
    for (const batch of batches.spans.splice(0)) spans.push(...spansIn(parse(batch)))
    for (const batch of batches.logs.splice(0)) logs.push(...logRecordsIn(parse(batch)))
  }

  return {
    telemetry,
    spans: allSpans,
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

  /** Creates the telemetry of a service, whose signals are recorded here. */
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

  /** All ended spans, in the order in which they ended. */
  function allSpans(): ExportedSpan[] {
    readBatches()
    return spans
  }

  /** The names of all spans with an error status. */
  function failedSpanNames(): string[] {
    return allSpans()
      .filter(({ status }) => status.code === 2)
      .map(({ name }) => name)
  }

  /** The last ended span of a name. @throws if there is none, naming those that exist. */
  function span(name: string): ExportedSpan {
    const found = allSpans().findLast((span) => span.name === name)
    if (found) return found
    throw new Error(
      `no span "${name}"; there are: ${[...new Set(spans.map((span) => span.name))].join(', ') || 'none'}`,
    )
  }

  /** The spans of a trace as indented text, children in the order of their starts, without waits for connections. */
  function tree(traceId: string): string {
    return treeOf(allSpans(), traceId)
  }

  /** Log records, optionally of one event name. */
  function logsOf(eventName?: string): ExportedLogRecord[] {
    readBatches()
    return logs.filter((log) => eventName === undefined || log.eventName === eventName)
  }

  /** The sum (of a histogram: the count) of a metric over the series with these attributes; `undefined` without series. */
  async function metric(name: string, attributes: AttributeSet = {}): Promise<number | undefined> {
    const points = (await series(name)).filter((point) => hasAttributes(point.attributes, attributes))
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

  /** Discards spans, log records and lines. Metrics keep their values. */
  function reset(): void {
    readBatches()
    spans.length = logs.length = lines.length = 0
  }

  function pipelineFor(env: TelemetryOptions['env'] = {}): CreatePipeline {
    const { temporality } = readSettings('test', env).settings
    const sink = { flush: async () => {}, close() {} }
    // Batches of one keep the signals of several services in order.
    const settings = { delayMs: 1, maxBatchSize: 1 }
    return (producer) => {
      const reader = new OnDemandReader({
        metricProducers: [producer],
        aggregationTemporalitySelector: temporalitySelector(temporality),
      })
      readers.push(reader)
      const spanBatches = createBatcher(jsonSpanEncoder(), settings, 'none', collectIn(batches.spans))
      const logBatches = createBatcher(jsonLogEncoder(), settings, 'none', collectIn(batches.logs))
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

const collectIn = (batches: Batch[]) => ({ enqueue: (batch: Batch) => void batches.push(batch), countDropped() {} })
const parse = ({ body }: Pick<Batch, 'body'>) => JSON.parse(new TextDecoder().decode(body))
const hasAttributes = (attributes: AttributeSet, wanted: AttributeSet) =>
  Object.entries(wanted).every(([key, value]) => attributes[key] === value)

// Whether a statement waits for a connection depends on the load of the machine.
const waitSpanName = 'db.client.connection.wait'

function treeOf(spans: ExportedSpan[], traceId: string): string {
  const inTrace = spans
    .filter((span) => span.traceId === traceId && span.name !== waitSpanName)
    .sort((a, b) => a.startMs - b.startMs)
  const ids = new Set(inTrace.map((span) => span.spanId))
  const roots = inTrace.filter((span) => !ids.has(span.parentSpanId ?? ''))
  return roots.flatMap((root) => branchOf(root, 0)).join('\n')

  function branchOf(span: ExportedSpan, depth: number): string[] {
    const children = inTrace.filter((child) => child.parentSpanId === span.spanId)
    return [`${'  '.repeat(depth)}${labelOf(span)}`, ...children.flatMap((child) => branchOf(child, depth + 1))]
  }
}

const labelOf = ({ service, kind, name }: ExportedSpan) => `${service} ${kind === 'client' ? '→ ' : ''}${name}`
