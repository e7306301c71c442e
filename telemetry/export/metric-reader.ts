import { type MetricProducer, MetricReader } from '@opentelemetry/sdk-metrics'
import { withoutContext } from '../active-context'
import { temporalitySelector } from '../metrics/temporality'
import type { Endpoint } from '../settings/endpoint'
import type { TelemetrySettings } from '../settings/settings'
import { gzip } from './batcher'
import { collectMetrics } from './collect-metrics'
import type { ExportQueue } from './export-queue'

/**
 * Collects at an interval and puts what it finds into an outbox. The SDK's periodic reader would wait for the answer and
 * skip collections meanwhile; here an outage leaves no gap that could not be filled later.
 */
export function periodicMetricReader(
  { metricIntervalMs, temporality }: Pick<TelemetrySettings, 'metricIntervalMs' | 'temporality'>,
  producer: MetricProducer,
  endpoint: Endpoint,
  outbox: ExportQueue,
): MetricReader {
  return new IntervalReader(metricIntervalMs, endpoint, outbox, {
    metricProducers: [producer],
    aggregationTemporalitySelector: temporalitySelector(temporality),
  })
}

class IntervalReader extends MetricReader {
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(
    readonly intervalMs: number,
    readonly endpoint: Endpoint,
    readonly outbox: ExportQueue,
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
    await this.outbox.flush()
  }

  protected async onShutdown(): Promise<void> {
    clearInterval(this.#timer)
    await this.#send()
    await this.outbox.flush(true)
    this.outbox.close()
  }

  async #send(): Promise<void> {
    const { protocol, compression } = this.endpoint
    const batch = await collectMetrics(this, protocol)
    if (batch) this.outbox.enqueue(compression === 'gzip' ? { ...batch, body: gzip(batch.body) } : batch)
  }
}
