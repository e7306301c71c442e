import { type MetricProducer, MetricReader } from '@opentelemetry/sdk-metrics'
import { withoutContext } from '../active-context'
import { temporalitySelector } from '../metrics/temporality'
import type { Endpoint } from '../settings/endpoint'
import type { TelemetrySettings } from '../settings/settings'
import { gzip } from './batcher'
import { collectMetrics } from './collect-metrics'
import type { ExportQueue } from './export-queue'

/**
 * Collects metrics at an interval and enqueues them. The SDK's periodic reader waits for each export and skips collections
 * meanwhile; here the queued collections fill the gap after an outage.
 */
export function periodicMetricReader(
  { metricIntervalMs, temporality }: Pick<TelemetrySettings, 'metricIntervalMs' | 'temporality'>,
  producer: MetricProducer,
  endpoint: Endpoint,
  queue: ExportQueue,
): MetricReader {
  return new IntervalReader(metricIntervalMs, endpoint, queue, {
    metricProducers: [producer],
    aggregationTemporalitySelector: temporalitySelector(temporality),
  })
}

class IntervalReader extends MetricReader {
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(
    readonly intervalMs: number,
    readonly endpoint: Endpoint,
    readonly queue: ExportQueue,
    options: ConstructorParameters<typeof MetricReader>[0],
  ) {
    super(options)
  }

  protected override onInitialized(): void {
    this.#timer = withoutContext(() => setInterval(() => void this.#send().catch(() => {}), this.intervalMs))
    this.#timer.unref()
  }

  protected async onForceFlush(): Promise<void> {
    await this.#send()
    await this.queue.flush()
  }

  protected async onShutdown(): Promise<void> {
    clearInterval(this.#timer)
    await this.#send()
    await this.queue.flush(true)
    this.queue.close()
  }

  async #send(): Promise<void> {
    const { protocol, compression } = this.endpoint
    const batch = await collectMetrics(this, protocol)
    if (batch) this.queue.enqueue(compression === 'gzip' ? { ...batch, body: gzip(batch.body) } : batch)
  }
}
