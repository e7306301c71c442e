import { describe, expect, test } from 'bun:test'
import { createTelemetry } from '@vitrine/telemetry'
import { freePort } from '../free-port'
import type { ReceivedTelemetry } from '../otlp-receiver'
import { isMissing } from '../requirements'
import { startCollector } from './collector'

describe.skipIf(isMissing('stack'))('the collector goes away and comes back', () => {
  test('every span and record has arrived or is counted as dropped; export resumes by itself', async () => {
    const port = freePort()
    const lines: Record<string, unknown>[] = []
    // Starts before the telemetry, whose spans could be dropped while a slow collector starts.
    const first = await startCollector('collector.yaml', port)
    const telemetry = createTelemetry({
      serviceName: 'patient',
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        OTEL_METRIC_EXPORT_INTERVAL: '300',
        OTEL_BSP_SCHEDULE_DELAY: '50',
        OTEL_BLRP_SCHEDULE_DELAY: '50',
        OTEL_BSP_MAX_QUEUE_SIZE: '3000',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '200',
        OTEL_BLRP_MAX_QUEUE_SIZE: '100000',
      },
      write: (line) => lines.push(JSON.parse(line)),
      repeatLimit: { maxPerWindow: 0, windowMs: 1 },
    })
    let made = 0
    const work = async (count: number) => {
      for (let n = 0; n < count; n++) {
        await telemetry.span('work', () => telemetry.log.event('worked'))
        if (++made % 50 === 0) await Bun.sleep(1)
      }
    }

    const logged = async (message: string) => {
      for (let attempt = 0; attempt < 6000 && !lines.some((line) => line.message === message); attempt++)
        await Bun.sleep(20)
    }

    await work(1000)
    await telemetry.forceFlush()
    const before = await first.stop()
    await work(100)
    // What is lost is counted from here on.
    await logged('telemetry is not accepted; is a receiver listening?')
    await work(10_000)
    const second = await startCollector('collector.yaml', port)
    await logged('telemetry is accepted again')
    await work(1000)
    for (let n = 0; n < 3; n++) await telemetry.forceFlush()
    const after = await second.stop()

    const arrived = [...before.traces, ...after.traces]
    expect(new Set(arrived.map(({ spanId }) => spanId)).size).toBe(arrived.length)
    const dropped = droppedSpans(after)
    expect(dropped).toBeGreaterThan(5000)
    expect(arrived.length + dropped).toBe(made)
    const records = [...before.logs, ...after.logs].filter(({ eventName }) => eventName === 'worked')
    expect(records).toHaveLength(made)
    const about = lines.filter(({ message }) => String(message).startsWith('telemetry is'))
    expect(about).toMatchObject([
      { level: 'warn' },
      { level: 'info', 'otel.exporter.lost.spans': dropped, 'otel.exporter.lost.logs': 0 },
    ])
  }, 180_000)
})

function droppedSpans({ metrics }: ReceivedTelemetry): number {
  const points = metrics
    .filter(({ name }) => name === 'otel.sdk.processor.span.processed')
    .flatMap(({ points }) => points)
  const full = points.filter(({ attributes }) => attributes['error.type'] === 'queue_full')
  return Math.max(...full.map(({ value }) => value))
}
