/// <reference types="@vitrine/telemetry/matchers" />
/** How a project asserts its own telemetry. Run: `bun test telemetry/examples/tests.test.ts` */
import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { createHelloApp } from './hello'

expect.extend(matchers)

test('a greeting is a span, a metric, a wide event and a line', async () => {
  const recording = recordTelemetry()
  const app = createHelloApp(recording.telemetry('hello'))

  const response = await app.request('/hello/Ada')

  expect(await response.text()).toBe('Hello Ada')
  const span = recording.span('GET /hello/:name')
  expect(span).toHaveAttributes({ 'http.response.status_code': 200, 'greeting.length': 9 })
  expect(recording.tree(span.traceId)).toBe('hello GET /hello/:name\n  hello greet')
  expect(await recording.metric('greetings.sent')).toBe(1)
  expect(await recording.metric('http.server.request.duration', { 'http.route': '/hello/:name' })).toBe(1)
  expect(recording.logs().map(({ body, traceId }) => [body, traceId])).toContainEqual(['greeted', span.traceId])
})
