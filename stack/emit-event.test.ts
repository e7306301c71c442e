import { expect, test } from 'bun:test'
import { emitEvent } from './emit-event'

test('emits one OTLP log record with an event name', async () => {
  const posts: { path: string; body: unknown }[] = []
  const receiver = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      posts.push({ path: new URL(request.url).pathname, body: await request.json() })
      return Response.json({})
    },
  })
  const attributes = {
    'loadtest.run': 'spike-7',
    'loadtest.rate': 2.5,
    'loadtest.duration_s': 90,
    'loadtest.passed': true,
  }
  await emitEvent(`${receiver.url.origin}/`, {
    service: 'loadtest',
    eventName: 'loadtest.ended',
    body: 'End',
    attributes,
  })
  await receiver.stop(true)

  expect(posts).toMatchObject([
    {
      path: '/v1/logs',
      body: {
        resourceLogs: [
          {
            resource: {
              attributes: [{ key: 'service.name', value: { stringValue: 'loadtest' } }, { key: 'service.version' }],
            },
            scopeLogs: [
              {
                logRecords: [
                  {
                    timeUnixNano: expect.stringMatching(/^\d{19}$/),
                    severityText: 'INFO',
                    eventName: 'loadtest.ended',
                    body: { stringValue: 'End' },
                    attributes: [
                      { key: 'loadtest.run', value: { stringValue: 'spike-7' } },
                      { key: 'loadtest.rate', value: { doubleValue: 2.5 } },
                      { key: 'loadtest.duration_s', value: { intValue: '90' } },
                      { key: 'loadtest.passed', value: { boolValue: true } },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    },
  ])
})

test('fails when the endpoint rejects the event or is unreachable', async () => {
  const event = { service: 'loadtest', eventName: 'loadtest.started', body: 'Start' }
  const refusing = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('no', { status: 503 }) })
  await expect(emitEvent(refusing.url.origin, event)).rejects.toThrow('rejects the event with 503')
  await refusing.stop(true)
  await expect(emitEvent(refusing.url.origin, event)).rejects.toThrow()
})
