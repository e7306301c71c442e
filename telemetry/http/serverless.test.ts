import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import { recordTelemetry } from '../testing'

/** A platform that freezes the process when all that it was asked to wait for has settled. */
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

test('on Lambda a request asks the platform to wait for its signals, and for what else it asked to wait for', async () => {
  const { app, flushes } = open()
  const { context, pending } = openPlatform()

  await app.request('/', {}, {}, context)
  expect(pending).toHaveLength(2)
  await Promise.all(pending)

  expect(flushes).toEqual([['GET /', 'send mail']])
})

test('not where it was told not to', async () => {
  const { app, flushes } = open(false)
  const { context, pending } = openPlatform()

  await app.request('/', {}, {}, context)
  await Promise.all(pending)

  expect([pending.length, flushes]).toEqual([1, []])
})

test('a context that can’t be changed, or that requests share, is watched as far as it lets itself', async () => {
  const { app, flushes } = open()
  const { context, pending } = openPlatform()

  for (const one of [Object.freeze({ ...context }), context, context, context]) {
    expect((await app.request('/', {}, {}, one)).status).toBe(200)
    await Promise.all(pending.splice(0))
  }

  expect(flushes).toHaveLength(4)
  expect(flushes.at(-1)).toHaveLength(8)
})

test('without a platform that can wait, a request is answered all the same', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('shop')
  const app = new Hono().use(telemetry.middleware({ flushPerRequest: true })).get('/', (c) => c.text('hello'))

  expect(await (await app.request('/')).text()).toBe('hello')
  expect(seen.spans()).toHaveLength(1)
})
