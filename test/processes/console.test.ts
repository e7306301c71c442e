import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { visibleText } from '../../console/testing'
import { startDev } from '../dev-process'

const trafficEveryMs = 150
const down = /critique ServiceDown Plus aucun signe de vie depuis 8 s product-service/
const slow = /attention HighLatency Une requête sur vingt dure plus de 500 ms product-service/

describe('the console beside the shop says what is wrong in time', () => {
  let dev: ReturnType<typeof startDev>
  beforeAll(async () => {
    dev = startDev()
    await dev.waitForOutput('Vitrine is ready')
    // Until then nobody has heard of all four.
    await said('/', /product-service/, 15)
  }, 180_000)
  afterAll(() => dev.stop())

  test('a service that is killed, within 10 s, though nobody asks it for anything', async () => {
    const seconds = await until(down, 10, async () => {
      process.kill((await dev.pids()).product as number, 'SIGKILL')
    })
    report('kill -9, no traffic', seconds)
    expect(await read('/')).toMatch(/1 alerte en cours .*silencieux, dernier signe de vie il y a/)
    expect(await read('/alerts')).toMatch(down)

    await dev.command('start', 'product')
    await said('/', /Aucune alerte en cours/, 15)
  }, 180_000)

  test('a service that is killed while people shop', async () => {
    const stop = shop()
    await Bun.sleep(5000)
    const seconds = await until(down, 10, async () => {
      process.kill((await dev.pids()).product as number, 'SIGKILL')
    })
    report('kill -9 under traffic', seconds)
    await stop()
    await dev.command('start', 'product')
    await said('/', /^(?!.*ServiceDown)/, 15)
  }, 180_000)

  test('a service that becomes slow, within 30 s, and the fault beside it until it is turned off', async () => {
    const stop = shop()
    await Bun.sleep(10_000)
    const seconds = await until(slow, 30, () => fault('http-latency', '800', '--service', 'product'))
    report('latency of 800 ms', seconds)
    expect(await read('/')).toMatch(
      /depuis [\d:]+ Panne provoquée http-latency 800 ms, product en cours product-service/,
    )
    await fault('off')
    await stop()
    await said('/', /[\d:]+ – [\d:]+ \([\d,]+ (s|min)\) Panne provoquée http-latency 800 ms, product/, 5)
  }, 180_000)

  /** What a page says to who reads it. */
  async function read(path: string): Promise<string> {
    return visibleText(await (await fetch(`${dev.url(4)}${path}`, { headers: { 'Accept-Language': 'fr' } })).text())
  }

  /** After how many seconds the overview says that; fails at the deadline. */
  async function until(wanted: RegExp, deadlineS: number, breaks: () => Promise<void>): Promise<number> {
    const startMs = performance.now()
    await breaks()
    await said('/', wanted, deadlineS)
    return (performance.now() - startMs) / 1000
  }

  async function said(path: string, wanted: RegExp, deadlineS: number): Promise<void> {
    const endMs = performance.now() + deadlineS * 1000
    let text = ''
    while (performance.now() < endMs) {
      text = await read(path)
      if (wanted.test(text)) return
      await Bun.sleep(100)
    }
    throw new Error(`${path} does not say ${wanted} within ${deadlineS} s:\n${text}`)
  }

  async function fault(...words: string[]): Promise<void> {
    const env = { ...process.env, VITRINE_DATA: dev.dir }
    const child = Bun.spawn([process.execPath, 'src/faults/command.ts', ...words], { env, stdout: 'ignore' })
    expect(await child.exited).toBe(0)
  }

  /** Somebody opens the home page again and again, whatever it answers; until the answer is called. */
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
  process.stdout.write(`the console says ${what} after ${seconds.toFixed(1)} s\n`)
}
