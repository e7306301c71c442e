import { afterAll, beforeAll, expect, test } from 'bun:test'
import { startServices } from '../service-processes'

let shop: Awaited<ReturnType<typeof startServices>>
beforeAll(async () => {
  shop = await startServices({ TRUSTED_PROXIES: '127.0.0.1', OTEL_SDK_DISABLED: 'true' }, false)
}, 60_000)
afterAll(() => shop.stop())

test('k6’s entry file signs shoppers in, completes every journey and prints a summary', async () => {
  const seen = await runEntry(20, { SHAPE: 'smoke', JOURNEY: 'mixed' })
  expect(seen).toMatchObject({ wrong: [], ended: new Array(20).fill(true) })
  expect(seen.shoppers).toBeGreaterThan(0)
  expect(seen.steps).toMatchObject({ set_up: 4 * seen.shoppers })
  const steps = ['home', 'products', 'product', 'add_to_cart', 'cart', 'change_quantity', 'pay', 'thank_you']
  expect(Object.keys(seen.steps)).toEqual(expect.arrayContaining([...steps, 'orders', 'register', 'login', 'logout']))
  expect(seen.summary.stdout).toContain('journeys: 20 ended')
  for (const line of seen.logged) {
    expect(JSON.parse(line)).toMatchObject({ is_right: true, trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) })
  }
}, 60_000)

test('a breakpoint search has a scenario per stair, and tags without steps', async () => {
  const seen = await runEntry(3, { SHAPE: 'breakpoint', JOURNEY: 'home', RATE: '10' })
  expect(Object.keys(seen.options.scenarios)).toHaveLength(10)
  expect(seen).toMatchObject({ wrong: [], steps: { load: 3 }, shoppers: 0 })
}, 60_000)

test('a journey stops at the first failed request, and logs its step', async () => {
  const seen = await runEntry(1, { JOURNEY: 'home', URL: 'http://127.0.0.1:9' })
  expect(seen).toMatchObject({ ended: [false], wrong: ['the right status {"phase":"load","step":"home"}'] })
  expect(JSON.parse(seen.logged[0] ?? '')).toMatchObject({ status: 0, is_right: false, step: 'home' })
}, 60_000)

interface Seen {
  wrong: string[]
  ended: boolean[]
  steps: Record<string, number>
  shoppers: number
  logged: string[]
  summary: Record<string, string>
  options: { scenarios: object }
}

async function runEntry(iterations: number, env: Record<string, string>): Promise<Seen> {
  const script = `${import.meta.dir}/k6-stub.ts`
  const child = Bun.spawn([process.execPath, script, String(iterations)], {
    env: { PATH: process.env.PATH ?? '', URL: shop.frontend.url, ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  expect({ code: await child.exited, err }).toEqual({ code: 0, err: '' })
  return JSON.parse(out)
}
