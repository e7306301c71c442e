import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { visibleText } from '../../console/testing'
import { startDev } from '../dev-process'
import { waitUntil } from '../wait-until'

const trafficEveryMs = 150
const down = /critique ServiceDown Plus aucun signe de vie depuis 8 s .{0,20}product-service/
const slow = /attention HighLatency Une requête sur vingt dure plus de 500 ms .{0,20}product-service/

describe('the console shows failures of the shop in time', () => {
  let dev: ReturnType<typeof startDev>
  beforeAll(async () => {
    dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
    await waitForText('/', /product-service/, 15)
  }, 180_000)
  afterAll(() => dev.stop())

  test('a killed service within 10 s, without any request to it', async () => {
    const seconds = await secondsUntil(down, 10, async () => {
      process.kill((await dev.pids()).product as number, 'SIGKILL')
    })
    report('kill -9, no traffic', seconds)
    expect(await read('/')).toMatch(/1 alerte en cours .*silencieux, dernier signe de vie il y a/)
    expect(await read('/alerts')).toMatch(down)

    await dev.command('start', 'product')
    await waitForText('/', /Aucune alerte en cours/, 15)
  }, 180_000)

  test('a killed service within 10 s, under traffic', async () => {
    const stop = shop()
    await Bun.sleep(5000)
    const seconds = await secondsUntil(down, 10, async () => {
      process.kill((await dev.pids()).product as number, 'SIGKILL')
    })
    report('kill -9 under traffic', seconds)
    await stop()
    await dev.command('start', 'product')
    await waitForText('/', /^(?!.*ServiceDown)/, 15)
  }, 180_000)

  test('a slow service within 30 s, and the injected fault until it is turned off', async () => {
    const stop = shop()
    await Bun.sleep(10_000)
    const seconds = await secondsUntil(slow, 30, () => fault('http-latency', '800', '--service', 'product'))
    report('latency of 800 ms', seconds)
    expect(await read('/')).toMatch(
      /depuis [\d:]+ Panne provoquée http-latency 800 ms, product en cours product-service/,
    )
    await fault('off')
    await stop()
    await waitForText('/', /[\d:]+ – [\d:]+ \([\d,]+ (s|min)\) Panne provoquée http-latency 800 ms, product/, 5)
  }, 180_000)

  /** The visible text of a page. */
  async function read(path: string): Promise<string> {
    return visibleText(await (await fetch(`${dev.url(4)}${path}`, { headers: { 'Accept-Language': 'fr' } })).text())
  }

  /** Injects a failure. @returns after how many seconds the overview shows it */
  async function secondsUntil(expected: RegExp, deadlineS: number, inject: () => Promise<void>): Promise<number> {
    const startMs = performance.now()
    await inject()
    await waitForText('/', expected, deadlineS)
    return (performance.now() - startMs) / 1000
  }

  async function waitForText(path: string, expected: RegExp, deadlineS: number): Promise<void> {
    let text = ''
    const isShown = async () => {
      text = await read(path)
      return expected.test(text)
    }
    const describe = () => `${path} does not show ${expected}:\n${text}`
    await waitUntil(isShown, { timeoutMs: deadlineS * 1000, intervalMs: 100, describe })
  }

  async function fault(...words: string[]): Promise<void> {
    const env = { ...process.env, VITRINE_DATA: dev.dir }
    const child = Bun.spawn([process.execPath, 'src/faults/command.ts', ...words], { env, stdout: 'ignore' })
    expect(await child.exited).toBe(0)
  }

  /** Requests the home page at a fixed rate. @returns a function that stops it and waits for the responses */
  function shop(): () => Promise<unknown> {
    const open: Promise<unknown>[] = []
    const visit = () => open.push(fetch(dev.url(0)).catch(() => undefined))
    const timer = setInterval(visit, trafficEveryMs)
    return () => {
      clearInterval(timer)
      return Promise.all(open)
    }
  }
})

function report(what: string, seconds: number): void {
  process.stdout.write(`the console shows ${what} after ${seconds.toFixed(1)} s\n`)
}
