import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { InMemoryLogRecordExporter, type ReadableLogRecord, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { type DataPoint, type Histogram, type MetricData, MetricReader } from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import { createTelemetry, type Telemetry, type TelemetryOptions } from './telemetry'

export type { ReadableLogRecord, ReadableSpan }

/**
 * Keeps in memory what any number of services emit, for tests:
 * `const { telemetry, trace } = record()`, then `expect(trace('checkout_process')).toHaveAttributes({…})`.
 */
export function record() {
  const spanExporter = new InMemorySpanExporter()
  const logExporter = new InMemoryLogRecordExporter()
  const readers: MetricReader[] = []
  const lines: Record<string, unknown>[] = []

  return {
    /** A service's telemetry whose signals stay here. */
    telemetry(service: string, options: Partial<TelemetryOptions> = {}): Telemetry {
      const reader = new OnDemandReader()
      readers.push(reader)
      return createTelemetry({
        service,
        env: { DEPLOYMENT_ENVIRONMENT: 'test' },
        write: (line) => lines.push(JSON.parse(line)),
        pipeline: {
          spans: [new SimpleSpanProcessor({ exporter: spanExporter })],
          metrics: [reader],
          logs: [new SimpleLogRecordProcessor({ exporter: logExporter })],
          settled: async () => {},
        },
        ...options,
      })
    },
    /** All finished spans, in the order in which they ended. */
    spans: (): ReadableSpan[] => spanExporter.getFinishedSpans(),
    /** The names of all spans that failed. */
    failed: (): string[] =>
      spanExporter
        .getFinishedSpans()
        .filter((span) => span.status.code === SpanStatusCode.ERROR)
        .map((span) => span.name),
    /** The newest finished span of that name. */
    trace(name: string): ReadableSpan {
      const found = spanExporter.getFinishedSpans().findLast((span) => span.name === name)
      if (found) return found
      throw new Error(`no span "${name}"; there are: ${names(spanExporter.getFinishedSpans())}`)
    },
    /** The spans of a trace as indented text, children in the order in which they started. */
    tree: (traceId: string): string => treeOf(spanExporter.getFinishedSpans(), traceId),
    /** Log records, of one event name if given. */
    logs: (eventName?: string): ReadableLogRecord[] =>
      logExporter.getFinishedLogRecords().filter((log) => eventName === undefined || log.eventName === eventName),
    /** The parsed lines of standard output. */
    lines: () => lines,
    /** The sum (histogram: the count) of a metric over the series that carry all of `labels`; `undefined` without series. */
    async metric(name: string, labels: Attributes = {}): Promise<number | undefined> {
      const points = (await this.series(name)).filter((point) => carries(point.attributes, labels))
      if (points.length === 0) return undefined
      return points.reduce((sum, { value }) => sum + (typeof value === 'number' ? value : value.count), 0)
    },
    /** All data points of a metric. */
    async series(name: string): Promise<DataPoint<number | Histogram>[]> {
      const metrics = (await this.metrics()).filter((metric) => metric.descriptor.name === name)
      return metrics.flatMap((metric) => metric.dataPoints as DataPoint<number | Histogram>[])
    },
    /** All metrics of all services, as collected now. */
    async metrics(): Promise<MetricData[]> {
      const collected = await Promise.all(readers.map((reader) => reader.collect()))
      return collected.flatMap(({ resourceMetrics }) => resourceMetrics.scopeMetrics).flatMap(({ metrics }) => metrics)
    },
    /** Forgets spans, logs and lines; metrics go on counting. */
    forget() {
      spanExporter.reset()
      logExporter.reset()
      lines.length = 0
    },
  }
}

export type Recording = ReturnType<typeof record>

/** For `expect.extend`: `expect(span).toHaveAttributes({…})` and `expect(span).toHaveFailed()`. */
export const matchers = {
  toHaveAttributes(received: unknown, wanted: Attributes) {
    const attributes = (received as { attributes: Attributes }).attributes
    const wrong = Object.keys(wanted).filter((key) => !Bun.deepEquals(attributes[key], wanted[key]))
    const message = () => wrong.map((key) => `${key}: ${show(attributes[key])}, not ${show(wanted[key])}`).join('\n')
    return { pass: wrong.length === 0, message }
  },
  toHaveFailed(received: unknown) {
    const { status, name } = received as ReadableSpan
    return { pass: status.code === SpanStatusCode.ERROR, message: () => `span "${name}" is not an error span` }
  },
}

class OnDemandReader extends MetricReader {
  protected async onForceFlush() {}
  protected async onShutdown() {}
}

const show = (value: unknown) => JSON.stringify(value)
const names = (spans: ReadableSpan[]) => [...new Set(spans.map((span) => span.name))].join(', ') || 'none'
const carries = (attributes: Attributes, labels: Attributes) =>
  Object.entries(labels).every(([key, value]) => attributes[key] === value)

function treeOf(spans: ReadableSpan[], traceId: string): string {
  const inTrace = spans.filter((span) => span.spanContext().traceId === traceId).sort(byStart)
  const ids = new Set(inTrace.map((span) => span.spanContext().spanId))
  const roots = inTrace.filter((span) => !ids.has(span.parentSpanContext?.spanId ?? ''))
  return roots.flatMap((root) => branch(root, 0)).join('\n')

  function branch(span: ReadableSpan, depth: number): string[] {
    const children = inTrace.filter((child) => child.parentSpanContext?.spanId === span.spanContext().spanId)
    return [`${'  '.repeat(depth)}${label(span)}`, ...children.flatMap((child) => branch(child, depth + 1))]
  }
}

const label = (span: ReadableSpan) =>
  `${span.resource.attributes['service.name']} ${span.kind === SpanKind.CLIENT ? '→ ' : ''}${span.name}`
const byStart = (a: ReadableSpan, b: ReadableSpan) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1]
