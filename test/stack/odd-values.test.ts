import { describe, expect, test } from 'bun:test'
import { createTelemetry, type Telemetry } from '@vitrine/telemetry'
import { isMissing } from '../requirements'
import { startCollector } from './collector'

const odd = {
  huge: 1e300,
  'huge.integer': 2 ** 60,
  none: Number.NaN,
  infinite: Number.NEGATIVE_INFINITY,
  zero: -0,
  'lone.surrogate': '\ud800',
  control: '\u0000\u001f\u007f\u2028',
  emoji: '😀',
  list: ['a', 1, true, null],
  deep: { a: { b: { c: [1, { d: 'e' }] } } },
  nothing: null,
  bytes: new Uint8Array([1, 2, 255]),
}

describe.skipIf(isMissing('stack')).each(['http/json', 'http/protobuf'])('the real collector, by %s', (protocol) => {
  test('takes whatever attributes hold, and gives it back', async () => {
    const collector = await startCollector('collector.yaml')
    const warnings: string[] = []
    const telemetry: Telemetry = createTelemetry({
      serviceName: 'odd',
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: protocol },
      write: (line) => warnings.push(line),
    })

    await telemetry.span('odd', () => telemetry.log.info('odd', odd), odd)
    const counter = {
      kind: 'counter',
      name: 'odd.things',
      unit: '{thing}',
      description: 'Odd',
      attributes: { of: 'this test' },
    } as const
    telemetry.counter(counter).add(3, { of: 'a "quoted" \\ thing' })
    await telemetry.forceFlush()
    await telemetry.shutdown()
    const received = await collector.stop()

    expect(warnings.filter((line) => line.includes('"warn"'))).toEqual([])
    const wanted = {
      'huge.integer': 2 ** 60,
      zero: 0,
      emoji: '😀',
      control: '\u0000\u001f\u007f\u2028',
      list: ['a', 1, true, null],
    }
    expect(received.traces[0]?.attributes).toMatchObject({ ...wanted, deep: { a: { b: { c: [1, { d: 'e' }] } } } })
    expect(received.logs[0]?.attributes).toMatchObject(wanted)
    expect(received.traces[0]?.attributes.huge).toBe(1e300)
    expect(received.traces[0]?.attributes.bytes).toBe('AQL/')
    expect(received.metrics.find(({ name }) => name === 'odd.things')?.points).toMatchObject([
      { value: 3, attributes: { of: 'a "quoted" \\ thing' } },
    ])
  }, 180_000)
})
