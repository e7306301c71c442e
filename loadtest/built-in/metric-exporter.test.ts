import { afterAll, expect, test } from 'bun:test'
import { createMetricExporter } from './metric-exporter'
import type { RequestSample } from './observer'

const bodies: Body[] = []
let status = 200
const receiver = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  async fetch(request) {
    if (new URL(request.url).pathname === '/v1/metrics') bodies.push((await request.json()) as Body)
    return new Response('{}', { status })
  },
})
afterAll(() => receiver.stop(true))

test('exports cumulative metrics with the names of k6’s own output', async () => {
  let nowMs = 1000
  const { observer, flush } = createMetricExporter(receiver.url.origin, () => nowMs)
  observer.request?.(sample({ step: 'home', plannedMs: 0, startedMs: 4, endedMs: 30 }))
  observer.request?.(sample({ step: 'home', plannedMs: 0, startedMs: 0, endedMs: 20_000 }))
  observer.request?.(sample({ phase: 'set_up', endedMs: 5 }))
  observer.request?.(sample({ rate: '12', endedMs: 5 }))
  observer.journey?.({ rate: undefined, hasReachedEnd: true })
  observer.dropped?.('12')
  nowMs = 6000
  await flush()

  const [resource] = bodies.at(-1)?.resourceMetrics ?? []
  expect(resource?.resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'loadtest' } })
  const metrics = Object.fromEntries((resource?.scopeMetrics[0]?.metrics ?? []).map((one) => [one.name, one]))
  expect(Object.keys(metrics).sort()).toEqual([
    'k6.dropped_iterations',
    'k6.http_req_duration',
    'k6.http_reqs',
    'k6.iterations',
  ])
  const { unit, histogram } = metrics['k6.http_req_duration'] ?? {}
  expect({ unit, temporality: histogram?.aggregationTemporality }).toEqual({ unit: 'ms', temporality: 2 })
  expect(histogram?.dataPoints.map(({ attributes }) => tags(attributes))).toEqual([
    { phase: 'load', step: 'home' },
    { phase: 'set_up' },
    { phase: 'load', rate: '12' },
  ])
  const [home] = histogram?.dataPoints ?? []
  expect(home).toMatchObject({ count: '2', sum: 20_030, startTimeUnixNano: '1000000000', timeUnixNano: '6000000000' })
  const counts = home?.bucketCounts.map(Number) ?? []
  expect(counts).toHaveLength((home?.explicitBounds.length ?? 0) + 1)
  // 30 ms from the planned start is in (25, 50], 20 s above all bounds.
  expect([counts[home?.explicitBounds.indexOf(50) ?? -1], counts.at(-1)]).toEqual([1, 1])
  expect(metrics['k6.iterations']?.sum?.dataPoints).toMatchObject([{ asInt: '1', attributes: [] }])
  expect(tags(metrics['k6.dropped_iterations']?.sum?.dataPoints[0]?.attributes ?? [])).toEqual({ rate: '12' })

  observer.journey?.({ rate: undefined, hasReachedEnd: true })
  await flush()
  const later = bodies.at(-1)?.resourceMetrics[0]?.scopeMetrics[0]?.metrics.find(({ name }) => name === 'k6.iterations')
  expect(later?.sum).toMatchObject({ isMonotonic: true, dataPoints: [{ asInt: '2' }] })
})

test('a rejected export is an error with the status', async () => {
  status = 503
  await expect(createMetricExporter(receiver.url.origin).flush()).rejects.toThrow('responds 503 to metrics')
})

const sample = (changes: Partial<RequestSample>): RequestSample => ({
  ...{ phase: 'load', step: 'home', scenario: 'shop', rate: undefined, plannedMs: 0, startedMs: 0, endedMs: 0 },
  ...{ status: 200, hasExpectedStatus: true, traceId: '', error: '' },
  ...changes,
})

type KeyValues = { key: string; value: { stringValue: string } }[]
const tags = (attributes: KeyValues) => Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]))

interface Body {
  resourceMetrics: {
    resource: { attributes: KeyValues }
    scopeMetrics: {
      metrics: {
        name: string
        unit?: string
        sum?: { isMonotonic: boolean; dataPoints: { asInt: string; attributes: KeyValues }[] }
        histogram?: {
          aggregationTemporality: number
          dataPoints: {
            attributes: KeyValues
            count: string
            sum: number
            bucketCounts: string[]
            explicitBounds: number[]
          }[]
        }
      }[]
    }[]
  }[]
}
