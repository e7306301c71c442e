/**
 * Runs `loadtest/k6/shop.ts` as k6 does, with a stand-in of k6's modules: set-up, some iterations, and the summary. Prints what
 * happened as JSON. It shows that the entry file runs; it does not show what k6 itself does.
 *   bun test/processes/k6-stub.ts ITERATIONS, with the variables of loadtest/settings.ts
 */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'

interface Sent {
  method: string
  url: string
  headers: Record<string, string>
  body: string | null
}
interface Received {
  status: number
  headers: Record<string, string>
  setCookies: string[]
  body: string
  error: string
}

const sendNow = createSynchronousFetch()
const seen = { requests: 0, steps: {} as Record<string, number>, wrong: [] as string[], ended: [] as boolean[] }
const execution = { scenario: { name: '', iterationInTest: 0 } }

class CookieJar {
  readonly cookies = new Map<string, string>()
  set(_url: string, name: string, value: string): void {
    this.cookies.set(name, value)
  }
  cookiesForURL(): Record<string, string[]> {
    return Object.fromEntries([...this.cookies].map(([name, value]) => [name, [value]]))
  }
}

interface Params {
  jar: CookieJar
  redirects: number
  tags: Record<string, string>
  headers: Record<string, string>
  responseCallback: number
}

function request(method: string, url: string, body: Record<string, string> | string | null, params: Params) {
  if (params.redirects !== 0) throw new Error('the journeys follow redirects themselves')
  const cookie = [...params.jar.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const text = typeof body === 'object' && body !== null ? new URLSearchParams(body).toString() : body
  const started = performance.now()
  const received = sendNow({ method, url, headers: { ...params.headers, Cookie: cookie }, body: text })
  for (const header of received.setCookies) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
    if (value === '') params.jar.cookies.delete(name)
    else params.jar.cookies.set(name, value)
  }
  seen.requests++
  const step = params.tags.step ?? params.tags.phase ?? ''
  seen.steps[step] = (seen.steps[step] ?? 0) + 1
  return { ...received, timings: { duration: performance.now() - started } }
}

function check(value: unknown, checks: Record<string, (value: unknown) => boolean>, tags: object): boolean {
  const broken = Object.entries(checks).filter(([, holds]) => !holds(value))
  for (const [name] of broken) seen.wrong.push(`${name} ${JSON.stringify(tags)}`)
  return broken.length === 0
}

class Rate {
  add(value: boolean): void {
    seen.ended.push(value)
  }
}

Bun.plugin({
  name: 'k6',
  setup(build) {
    const module = (exports: Record<string, unknown>) => () => ({ exports, loader: 'object' as const })
    build.module('k6', module({ check, sleep: () => {} }))
    build.module('k6/http', module({ default: { request, CookieJar, expectedStatuses: (status: number) => status } }))
    build.module('k6/execution', module({ default: execution }))
    build.module('k6/metrics', module({ Rate }))
  },
})
Object.assign(globalThis, { __ENV: { ...process.env }, __VU: 0 })
const logged: string[] = []
console.info = (line: string) => logged.push(line)

const shop = await import('../../loadtest/k6/shop')
const shoppers = JSON.parse(JSON.stringify(shop.setup()))
Object.assign(globalThis, { __VU: 1 })
execution.scenario.name = Object.keys(shop.options.scenarios)[0] ?? ''
for (let n = 0; n < Number(process.argv[2]); n++) {
  execution.scenario.iterationInTest = n
  shop.default(shoppers)
}
const summary = shop.handleSummary({ metrics: { iterations: { values: { count: seen.ended.length } } } })
process.stdout.write(JSON.stringify({ ...seen, logged, summary, shoppers: shoppers.length, options: shop.options }))
process.exit(0)

/** As k6's `http.request`: the thread waits for the response. */
function createSynchronousFetch(): (sent: Sent) => Received {
  const { port1, port2 } = new MessageChannel()
  const flag = new Int32Array(new SharedArrayBuffer(4))
  const code = `
    const { workerData: { port, flag } } = require('node:worker_threads')
    port.on('message', async ({ url, ...init }) => {
      const capital = (name) => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
      const received = await fetch(url, { ...init, redirect: 'manual' }).then(
        async (response) => ({
          status: response.status,
          headers: Object.fromEntries([...response.headers].map(([name, value]) => [capital(name), value])),
          setCookies: response.headers.getSetCookie(),
          body: await response.text(),
          error: '',
        }),
        (error) => ({ status: 0, headers: {}, setCookies: [], body: '', error: error.message }),
      )
      port.postMessage(received)
      Atomics.store(flag, 0, 1)
      Atomics.notify(flag, 0)
    })`
  new Worker(code, { eval: true, workerData: { port: port2, flag }, transferList: [port2] })
  return (sent) => {
    Atomics.store(flag, 0, 0)
    port1.postMessage(sent)
    Atomics.wait(flag, 0, 0)
    return (receiveMessageOnPort(port1) as { message: Received }).message
  }
}
