import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { openTestReceiver, span, spanId, traceId, tracesBody } from './testing'

const bodies: [signal: string, body: object][] = [
  [
    'traces',
    {
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
          scopeSpans: [
            {
              scope: { name: 'here', version: 'v1' },
              spans: [
                {
                  ...{ ...span, parentSpanId: spanId },
                  attributes: [
                    { key: 'a', value: { arrayValue: { values: [{ intValue: '1' }, { doubleValue: 1.5 }] } } },
                  ],
                  events: [{ name: 'e', timeUnixNano: '1', attributes: [] }],
                  links: [{ traceId, spanId, attributes: [] }],
                  status: { code: 2, message: 'm' },
                },
              ],
            },
          ],
        },
      ],
    },
  ],
  [
    'logs',
    {
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: [
                {
                  ...{ timeUnixNano: '1', severityNumber: 9, severityText: 'INFO', eventName: 'e', traceId, spanId },
                  body: { stringValue: 'b' },
                  attributes: [
                    { key: 'a', value: { kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
  [
    'metrics',
    {
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: [
                {
                  ...{ name: 'n', unit: 's', description: 'd' },
                  sum: {
                    ...{ aggregationTemporality: 2, isMonotonic: true },
                    dataPoints: [{ timeUnixNano: '2', startTimeUnixNano: '1', asDouble: 1.5, attributes: [] }],
                  },
                },
                {
                  name: 'h',
                  histogram: {
                    aggregationTemporality: 2,
                    dataPoints: [
                      { timeUnixNano: '2', count: '1', sum: 1.5, bucketCounts: ['1', '0'], explicitBounds: [1.5] },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
    },
  ],
]

interface Member {
  signal: string
  body: object
  path: (string | number)[]
  value: unknown
}

/** All members of a body, at any depth. */
function membersOf(signal: string, body: object, value: unknown = body, path: Member['path'] = []): Member[] {
  const own = path.length > 0 ? [{ signal, body, path, value }] : []
  if (typeof value !== 'object' || value === null) return own
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => membersOf(signal, body, inner, [...path, key]))]
}

// Values of a wrong type. A number may also be a string of digits, so that is not one of them.
function wrongFor(value: unknown): unknown[] {
  if (Array.isArray(value)) return ['odd', 7, true, { odd: 1 }]
  if (typeof value === 'object') return ['odd', 7, true, [], [7]]
  if (typeof value === 'string' && !/^\d+$/.test(value)) return [7, 0, true, false, {}, []]
  if (typeof value === 'boolean') return ['odd', 7, 0, {}, []]
  return ['odd', '', true, {}, [7]].filter((one) => one !== '' || typeof value === 'number')
}

function withValue({ body, path }: Member, value: unknown): string {
  const copy = structuredClone(body)
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key] as never, copy as Record<string | number, unknown>)
  parent[path.at(-1) ?? ''] = value
  return JSON.stringify(copy)
}

test('ten thousand malformed bodies are 4xx, and the console continues to receive', async () => {
  const { post, rows } = openTestReceiver()
  const members = bodies.flatMap(([signal, body]) => membersOf(signal, body))
  const wrong = fc
    .constantFrom(...members)
    .chain((member) =>
      fc.constantFrom(...wrongFor(member.value)).map((value) => [member.signal, withValue(member, value)] as const),
    )
  const cut = fc
    .constantFrom(...bodies)
    .chain(([signal, body]) =>
      fc.nat(JSON.stringify(body).length - 1).map((at) => [signal, JSON.stringify(body).slice(0, at)] as const),
    )
  const noJson = fc.string().map((text) => ['logs', `${text}{`] as const)
  const expectRefused = async (body: [string, string] | readonly [string, string]) => {
    const { status } = await post(`/v1/${body[0]}`, body[1])
    expect({ body, isRefused: status >= 400 && status < 500 }).toEqual({ body, isRefused: true })
  }

  await fc.assert(fc.asyncProperty(fc.oneof({ weight: 8, arbitrary: wrong }, cut, noJson), expectRefused), {
    numRuns: 10_000,
  })
  // Random bytes can be a valid message, so only 5xx is an error.
  const bytes = fc.uint8Array({ maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(bytes, async (body) => {
      const { status } = await post('/v1/traces', new Uint8Array(body), { 'Content-Type': 'application/x-protobuf' })
      expect(status).toBeLessThan(500)
    }),
    { numRuns: 2000 },
  )

  expect((await post('/v1/traces', tracesBody({ ...span, spanId: 'cccccccccccccccc' }))).status).toBe(200)
  expect(rows('spans').some((row) => row.span_id === 'cccccccccccccccc')).toBe(true)
}, 180_000)
