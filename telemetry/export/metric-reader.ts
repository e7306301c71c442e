import { type MetricProducer, MetricReader } from '@opentelemetry/sdk-metrics'
import { temporalityFor } from '../metrics/temporality'
import { outside } from '../scope'
import type { Endpoint } from '../settings/endpoint'
import type { TelemetrySettings } from '../settings/settings'
import { zip } from './batcher'
import { collectPoints } from './metric-points'
import type { Outbox } from './outbox'

/**
 * Collects at an interval and puts what it finds into an outbox. The SDK's periodic reader would wait for the answer and
 * skip collections meanwhile; here an outage leaves no gap that could not be filled later.
 */
export function intervalReader(
  { metricIntervalMs, temporality }: Pick<TelemetrySettings, 'metricIntervalMs' | 'temporality'>,
  producer: MetricProducer,
  endpoint: Endpoint,
  outbox: Outbox,
): MetricReader {
  return new IntervalReader(metricIntervalMs, endpoint, outbox, {
    metricProducers: [producer],
    aggregationTemporalitySelector: temporalityFor(temporality),
  })
}

class IntervalReader extends MetricReader {
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(
    readonly intervalMs: number,
    readonly endpoint: Endpoint,
    readonly outbox: Outbox,
    options: ConstructorParameters<typeof MetricReader>[0],
  ) {
    super(options)
  }

  protected override onInitialized(): void {
    this.#timer = outside(() => setInterval(() => void this.#send().catch(() => {}), this.intervalMs))
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
    const batch = await collectPoints(this, protocol)
    if (batch) this.outbox.put(compression === 'gzip' ? { ...batch, body: zip(batch.body) } : batch)
  }
}
