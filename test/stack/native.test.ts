import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createShopper } from '../../stack/clients/shopper'
import { isProcessRunning, startDev } from '../dev-process'
import { isMissing } from '../requirements'
import { startStack } from './start-stack'

interface CheckRow {
  check: string
  ok: boolean
  expected: string
  seen: string
}

describe.skipIf(isMissing('stack') || isMissing('mariadb'))('bun run stack with a shop', () => {
  let stack: Awaited<ReturnType<typeof startStack>>
  let dev: ReturnType<typeof startDev>

  beforeAll(async () => {
    stack = await startStack()
    dev = startDev(undefined, {
      VITRINE_STACK_DIR: stack.dir,
      VITRINE_CONSOLE_PORT: new URL(stack.endpoints.collector).port,
    })
    await dev.waitForOutput('Vitrine is ready')
  }, 180_000)
  afterAll(async () => {
    await dev.stop()
    await stack.stop()
  }, 180_000)

  test('prints the address, start time and memory of each server', async () => {
    const output = await stackLog(stack.dir)
    expect(output).toMatch(/The stack is ready after \d+\.\d s, \d+ MB in all\./)
    const { launcher, ...servers } = (await pids()) as Record<string, number>
    expect(Object.keys(servers)).toHaveLength(9)
    for (const [name, pid] of Object.entries(servers))
      expect(output).toMatch(new RegExp(`${name} +\\S+ +ready after +[\\d.]+ s +\\d+ MB  pid ${pid}\\b`))
  })

  test('the shop uses its databases, and its console does not take the collector’s port', async () => {
    expect(dev.output()).toContain('bun run stack runs')
    expect(dev.output()).toContain('databases on its servers')
    const traceId = await placeOrder()
    // A span names the SQLite file, or the MariaDB database.
    const page = await waitForPage(`${stack.endpoints.console}/traces/${traceId}`, 'checkout_process', 'mysql')
    expect(page).not.toContain('order.sqlite')
  }, 180_000)

  test('every check of bun run validate passes', async () => {
    const { exitCode, rows } = await validate()
    expect(rows.filter(({ ok }) => !ok)).toEqual([])
    // Where Grafana runs there are more.
    expect(rows.length).toBeGreaterThanOrEqual(49)
    expect(rows.map(({ check }) => check)).toContain('The log server runs loki.yaml')
    for (const { check, expected, seen } of rows) expect([check, expected, seen].every(Boolean)).toBe(true)
    expect(exitCode).toBe(0)
  }, 300_000)

  test('a dead server is reported with its last lines, stays down until it is started, and validate fails', async () => {
    await stack.killServer('alertmanager')
    const last = 'died (SIGKILL); start it again with: bun run stack start alertmanager'
    for (let attempt = 0; attempt < 1200 && !(await stackLog(stack.dir)).includes(last); attempt++) await Bun.sleep(100)
    expect(await stackLog(stack.dir)).toContain(last)
    expect((await pids()).alertmanager).toBeNull()
    const { exitCode, rows } = await validate()
    expect(exitCode).toBe(1)
    expect(rows.filter(({ ok }) => !ok).map(({ check }) => check)).toContain('alertmanager is ready')
    // No further check ran.
    expect(rows.map(({ check }) => check)).not.toContain('An order can be placed')

    expect(await stack.startServer('alertmanager')).toContain('alertmanager runs at')
    expect((await pids()).alertmanager).toBeNumber()
  }, 300_000)

  test('a second stack is refused in the same folder, and on the same ports with the processes that hold them', async () => {
    const again = await run({ VITRINE_STACK_DIR: stack.dir })
    expect(again.exitCode).toBe(1)
    expect(again.output).toContain('bun run stack runs already in')
    const offset = Number(new URL(stack.endpoints.loki).port) - 3100
    const other = await run({ VITRINE_STACK_DIR: `${stack.dir}/other`, VITRINE_STACK_PORT_OFFSET: String(offset) })
    expect(other.exitCode).toBe(1)
    expect(other.output).toMatch(/port \d+ \(log-server\) is taken by pid \d+ \(.*log-server/)
    // Ports that the table does not list are checked too.
    expect(other.output).toContain(`port ${stack.endpoints.jaegerOtlpPort} (jaeger) is taken by pid`)
    // Checked before the databases are created.
    expect(existsSync(`${stack.dir}/other/mysql-empty`)).toBe(false)
    expect(other.output).toContain('VITRINE_STACK_PORT_OFFSET=100 bun run stack')
  }, 180_000)

  const pids = () => Bun.file(`${stack.dir}/stack.json`).json() as Promise<Record<string, number | null>>

  async function placeOrder(): Promise<string> {
    const visitor = createShopper(dev.url(0))
    await visitor.register(`ada-${Bun.randomUUIDv7().slice(-10)}`)
    const { items } = (await (await fetch(`${dev.url(2)}/api/products`)).json()) as { items: { id: string }[] }
    const page = await visitor.order([[items[0]?.id ?? '', 1]])
    expect(page.html).toContain('Merci pour votre commande')
    return page.traceId
  }

  async function validate(): Promise<{ exitCode: number; rows: CheckRow[] }> {
    const env = { VITRINE_STACK_DIR: stack.dir, VITRINE_BASE_PORT: String(dev.basePort) }
    const { exitCode, output } = await run(env, 'observability/validate/index.ts', '--json')
    return { exitCode, rows: JSON.parse(output) as CheckRow[] }
  }
})

describe('bun run validate', () => {
  test('checks the stack of VITRINE_STACK_DIR only', async () => {
    const { exitCode, output } = await run(
      { VITRINE_STACK_DIR: '/nowhere' },
      'observability/validate/index.ts',
      '--json',
    )
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: expect.stringContaining('no bun run stack runs in') })
  })
})

describe.skipIf(isMissing('stack') || isMissing('mariadb'))('the beginning of bun run stack', () => {
  test('is in a folder with a space, after one that was interrupted, and outlives the folder of its logs', async () => {
    const dir = mkdtempSync(`${tmpdir()}/vitrine stack-`)
    mkdirSync(`${dir}/mysql-user.77/mysql`, { recursive: true })
    await Bun.write(`${dir}/env`, 'ORDER_DATABASE_URL=of-the-one-before\n')
    const stack = await startStack({ VITRINE_STACK_DIR: dir })
    expect(await Bun.file(`${dir}/env`).text()).not.toContain('of-the-one-before')
    expect(existsSync(`${dir}/mysql-user.77`)).toBe(false)

    rmSync(`${dir}/logs`, { recursive: true })
    await stack.stopServer('alertmanager')
    expect(await stack.startServer('alertmanager')).toContain('alertmanager runs at')
    expect(await Bun.file(`${dir}/stack.log`).text()).toContain('its log file cannot be written')
    await stack.stop()
  }, 180_000)
})

describe.skipIf(isMissing('stack') || isMissing('mariadb'))('the end of bun run stack', () => {
  test('leaves no server behind, even when the launcher is killed', async () => {
    const stack = await startStack()
    const pids = Object.values((await Bun.file(`${stack.dir}/stack.json`).json()) as Record<string, number>)
    process.kill((await Bun.file(`${stack.dir}/stack.json`).json()).launcher, 'SIGKILL')
    for (let attempt = 0; attempt < 1200 && pids.some(isProcessRunning); attempt++) await Bun.sleep(100)
    expect(pids.filter(isProcessRunning)).toEqual([])
    await stack.stop()
  }, 180_000)
})

async function run(env: Record<string, string>, script = 'stack/native/index.ts', ...args: string[]) {
  const child = Bun.spawn([process.execPath, script, ...args], {
    env: { ...process.env, ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { exitCode: await child.exited, output: out + err }
}

const stackLog = (dir: string) => Bun.file(`${dir}/stack.log`).text()

/** Each service sends what it has once a second. */
async function waitForPage(url: string, ...words: string[]): Promise<string> {
  let text = ''
  for (let attempt = 0; attempt < 1200; attempt++) {
    text = await (await fetch(url)).text()
    if (words.every((word) => text.includes(word))) return text
    await Bun.sleep(100)
  }
  throw new Error(`${url} does not say ${words.join(' and ')} within 20 s:\n${text}`)
}
