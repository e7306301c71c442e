import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import { recordTelemetry } from '../testing'

/** A platform that freezes the process when all promises passed to `waitUntil` have settled. */
function openPlatform() {
  const pending: Promise<unknown>[] = []
  const context = {
    waitUntil: (work: Promise<unknown>) => void pending.push(work),
    passThroughOnException() {},
    props: {},
  }
  return { context, pending }
}

function open(flushPerRequest?: boolean) {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop', { env: { AWS_LAMBDA_FUNCTION_NAME: 'shop' } })
  const flushes: string[][] = []
  const provider = telemetry.providers.tracer as unknown as { forceFlush(): Promise<void> }
  provider.forceFlush = async () => void flushes.push(seen.spans().map(({ name }) => name))
  const app = new Hono()
    .use(telemetry.middleware(flushPerRequest === undefined ? {} : { flushPerRequest }))
    .get('/', (c) => {
      c.executionCtx.waitUntil(Bun.sleep(10).then(() => telemetry.span('send mail', () => {})))
      return c.text('hello')
    })
  return { app, flushes }
}

test('on Lambda the platform waits for the export of a request’s signals and for the handlers’ promises', async () => {
  const { app, flushes } = open()
  const { context, pending } = openPlatform()

  await app.request('/', {}, {}, context)
  expect(pending).toHaveLength(2)
  await Promise.all(pending)

  expect(flushes).toEqual([['GET /', 'send mail']])
})

test('flushPerRequest: false turns this off', async () => {
  const { app, flushes } = open(false)
  const { context, pending } = openPlatform()

  await app.request('/', {}, {}, context)
  await Promise.all(pending)

  expect([pending.length, flushes]).toEqual([1, []])
})

test('frozen and shared contexts work too', async () => {
  const { app, flushes } = open()
  const { context, pending } = openPlatform()

  for (const one of [Object.freeze({ ...context }), context, context, context]) {
    expect((await app.request('/', {}, {}, one)).status).toBe(200)
    await Promise.all(pending.splice(0))
  }

  expect(flushes).toHaveLength(4)
  expect(flushes.at(-1)).toHaveLength(8)
})

test('without an execution context a request is handled normally', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')
  const app = new Hono().use(telemetry.middleware({ flushPerRequest: true })).get('/', (c) => c.text('hello'))

  expect(await (await app.request('/')).text()).toBe('hello')
  expect(seen.spans()).toHaveLength(1)
})
