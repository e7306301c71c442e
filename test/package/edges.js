// package.test.ts runs this on Node, whose responses, streams and TLS differ from Bun's. Prints the results as JSON.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { createTelemetry } from '@vitrine/telemetry'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { streamSSE } from 'hono/streaming'

const slowly = () =>
  new ReadableStream({
    async start(controller) {
      await new Promise((resume) => setTimeout(resume, 30))
      controller.enqueue(new TextEncoder().encode('late'))
      controller.close()
    },
  })

const seen = recordTelemetry()
const telemetry = seen.telemetry('edges')
const app = new Hono()
  .use(telemetry.middleware())
  .get('/json', (c) => c.json({ ok: true }))
  .get('/by-hand', () => new Response('hello'))
  .get('/stream', () => new Response(slowly()))
  .get('/sse', (c) => streamSSE(c, (out) => out.writeSSE({ data: 'x' })))
  .get('/refused', () => {
    throw new HTTPException(404)
  })
  .get('/broken', () => {
    throw new RangeError('broken')
  })
  .onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.text('sorry', 500)))

const responses = {}
for (const path of ['/json', '/by-hand', '/stream', '/sse', '/refused', '/broken']) {
  const response = await app.request(path)
  responses[path] = [response.status, await response.text(), response.headers.get('x-trace-id')]
}
await new Promise((resume) => setTimeout(resume, 20))

const [cert, key] = ['certificate', 'key'].map((name) => readFileSync(`${process.env.FIXTURES}/${name}.pem`, 'utf8'))
const received = []
const receiver = createServer(
  { cert, key, ca: cert, requestCert: true, rejectUnauthorized: true },
  (request, response) => {
    received.push([request.url, request.headers['content-length'] !== undefined, request.headers['content-encoding']])
    request.resume().on('end', () => response.end('{}'))
  },
)
await new Promise((resume) => receiver.listen(0, '127.0.0.1', resume))
const secure = createTelemetry({
  service: 'secure',
  env: {
    OTEL_EXPORTER_OTLP_ENDPOINT: `https://localhost:${receiver.address().port}`,
    OTEL_EXPORTER_OTLP_CERTIFICATE: `${process.env.FIXTURES}/certificate.pem`,
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: `${process.env.FIXTURES}/certificate.pem`,
    OTEL_EXPORTER_OTLP_CLIENT_KEY: `${process.env.FIXTURES}/key.pem`,
  },
  write: () => {},
})
await secure.span('work', () => secure.log.info('working'))
await secure.shutdown()

const spans = seen
  .spans()
  .map(({ name, status, durationMs, traceId }) => ({ name, code: status.code, durationMs, traceId }))
const active = await seen.metric('http.server.active_requests')
process.stdout.write(JSON.stringify({ responses, spans, active, received: received.sort() }))
process.exit(0)
