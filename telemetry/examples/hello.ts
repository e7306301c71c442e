/** One service: a server span, metrics and one wide event per request. Run: `bun telemetry/examples/hello.ts` */
import { createTelemetry, type Telemetry } from '@vitrine/telemetry'
import { Hono } from 'hono'

export function createHelloApp(telemetry: Telemetry) {
  const greetings = telemetry.counter({
    kind: 'counter',
    name: 'greetings.sent',
    unit: '{greeting}',
    description: 'Greetings sent',
  })
  return new Hono().use(telemetry.middleware()).get('/hello/:name', async (c) => {
    const greeting = await telemetry.span('greet', () => `Hello ${c.req.param('name')}`)
    telemetry.setAttribute('greeting.length', greeting.length)
    telemetry.log.info('greeted')
    greetings.add(1)
    return c.text(greeting)
  })
}

if (import.meta.main) {
  const telemetry = createTelemetry({ serviceName: 'hello' })
  const server = Bun.serve({ port: 3000, fetch: createHelloApp(telemetry).fetch })
  process.on('SIGTERM', () => server.stop().then(() => telemetry.shutdown()))
}
