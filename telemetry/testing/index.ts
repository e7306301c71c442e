import { MetricReader } from '@opentelemetry/sdk-metrics'
import { createBatcher } from '../export/batcher'
import { jsonLogs, jsonSpans } from '../export/encodings'
import { collectPoints } from '../export/metric-points'
import type { Batch } from '../export/outbox'
import type { CreatePipeline } from '../export/pipeline'
import { logProcessor, spanProcessor } from '../export/processors'
import { temporalityFor } from '../metrics/temporality'
import { readSettings } from '../settings/settings'
import { createTelemetry, type Telemetry, type TelemetryOptions } from '../telemetry'
import { logsIn, metricsIn, type SeenLog, type SeenMetric, type SeenPoint, type SeenSpan, spansIn } from './otlp'
import { treeOf } from './tree'

export { matchers } from './matchers'
export { logsIn, metricsIn, type SeenLog, type SeenMetric, type SeenPoint, type SeenSpan, spansIn } from './otlp'
export { undeclared } from './undeclared'

type Labels = Record<string, unknown>

/**
 * Keeps what any number of services export, for tests: everything goes through the same encoders as in production and is
 * read back from the OTLP that would have left. `const { telemetry, trace } = record()`, then
 * `expect(trace('checkout_process')).toHaveAttributes({…})`.
 */
export function record() {
  const spans: SeenSpan[] = []
  const logs: SeenLog[] = []
  const readers: OnDemandReader[] = []
  const unread: { spans: Batch[]; logs: Batch[] } = { spans: [], logs: [] }
  const lines: Record<string, unknown>[] = []
  const arrived = () => {
    for (const batch of unread.spans.splice(0)) spans.push(...spansIn(parse(batch)))
    for (const batch of unread.logs.splice(0)) logs.push(...logsIn(parse(batch)))
  }

  return {
    telemetry,
    spans: all,
    failed,
    trace,
    tree,
    logs: logsOf,
    lines: () => lines,
    metric,
    series,
    metrics,
    forget,
  }

  /** A service's telemetry whose signals stay here. */
  function telemetry(service: string, options: Partial<TelemetryOptions> = {}): Telemetry {
    const env = options.env ?? { DEPLOYMENT_ENVIRONMENT: 'test' }
    return createTelemetry({
      service,
      write: (line) => lines.push(JSON.parse(line)),
      pipeline: pipelineFor(env),
      ...options,
      env,
    })
  }

  /** All finished spans, in the order in which they ended. */
  function all(): SeenSpan[] {
    arrived()
    return spans
  }

  /** The names of all spans that failed. */
  function failed(): string[] {
    return all()
      .filter(({ status }) => status.code === 2)
      .map(({ name }) => name)
  }

  /** The newest finished span of that name. */
  function trace(name: string): SeenSpan {
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
  function logsOf(eventName?: string): SeenLog[] {
    arrived()
    return logs.filter((log) => eventName === undefined || log.eventName === eventName)
  }

  /** The sum (histogram: the count) of a metric over the series that carry all of `labels`; `undefined` without series. */
  async function metric(name: string, labels: Labels = {}): Promise<number | undefined> {
    const points = (await series(name)).filter((point) => carries(point.attributes, labels))
    return points.length === 0 ? undefined : points.reduce((sum, { value }) => sum + value, 0)
  }

  /** All data points of a metric. */
  async function series(name: string): Promise<SeenPoint[]> {
    return (await metrics()).filter((metric) => metric.name === name).flatMap(({ points }) => points)
  }

  /** All metrics of all services, as collected now. */
  async function metrics(): Promise<SeenMetric[]> {
    return (await Promise.all(readers.map((reader) => reader.read()))).flat()
  }

  /** Forgets spans, logs and lines; metrics go on counting. */
  function forget(): void {
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
        aggregationTemporalitySelector: temporalityFor(temporality),
      })
      readers.push(reader)
      const spanBatches = createBatcher(jsonSpans(), settings, 'none', keptIn(unread.spans))
      const logBatches = createBatcher(jsonLogs(), settings, 'none', keptIn(unread.logs))
      return { spans: [spanProcessor(spanBatches, sink)], metrics: [reader], logs: [logProcessor(logBatches, sink)] }
    }
  }
}

export type Recording = ReturnType<typeof record>

class OnDemandReader extends MetricReader {
  async read(): Promise<SeenMetric[]> {
    const batch = await collectPoints(this, 'http/json')
    return batch ? metricsIn(parse(batch)) : []
  }

  protected async onForceFlush() {}
  protected async onShutdown() {}
}

const keptIn = (batches: Batch[]) => ({ put: (batch: Batch) => void batches.push(batch), lose() {} })
const parse = ({ body }: Pick<Batch, 'body'>) => JSON.parse(new TextDecoder().decode(body))
const carries = (attributes: Labels, labels: Labels) =>
  Object.entries(labels).every(([key, value]) => attributes[key] === value)
