import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { freePort } from '../free-port'

const dir = mkdtempSync(`${tmpdir()}/vitrine-log-server-`)
const running: Bun.Subprocess[] = []
afterAll(async () => {
  for (const child of running) {
    child.kill('SIGKILL')
    await child.exited
  }
  rmSync(dir, { recursive: true, force: true })
})

describe('the log server as a process', () => {
  test('loses no acknowledged line when it is killed, and stores a repeated line once', async () => {
    const data = `${dir}/killed`
    const acknowledged = new Set<string>()
    const sent: object[] = []
    for (let round = 0; round < 4; round++) {
      const server = await start(data)
      let number = 0
      const senders = Array.from({ length: 4 }, async (_, sender) => {
        for (;;) {
          const texts = Array.from({ length: 50 }, (_unused, n) => `${round} ${sender} ${number++} ${n}`)
          const request = requestOf(texts)
          sent.push(request)
          const response = await post(server.url, request).catch(() => undefined)
          if (response?.status !== 200) return
          for (const text of texts) acknowledged.add(text)
        }
      })
      // The rounds reach the size of a block, so that the server is also killed while it writes one.
      const enough = (round + 1) * 3000
      while (acknowledged.size < enough) await Bun.sleep(1)
      server.child.kill('SIGKILL')
      await server.child.exited
      await Promise.all(senders)
    }
    const server = await start(data)
    // As a collector does after it has missed the acknowledgment.
    for (const request of sent.slice(-40)) await post(server.url, request)
    const stored = await allLines(server.url)
    expect(new Set(stored).size).toBe(stored.length)
    expect([...acknowledged].filter((text) => !new Set(stored).has(text))).toEqual([])
  }, 300_000)

  test('responds with 503 while its disk is full, stores nothing of it, and keeps reading', async () => {
    const data = `${dir}/full`
    // Its files are limited to 4 MiB each.
    const server = await start(data, ['bash', '-c', 'trap "" XFSZ; ulimit -f 4096; exec "$@"', 'log-server'])
    const acknowledged: string[] = []
    let refusal: Response | undefined
    for (let n = 0; n < 400 && !refusal; n++) {
      const text = `${n} ${'x'.repeat(40_000)}`
      const response = await post(server.url, requestOf([text]))
      if (response.status === 200) acknowledged.push(text)
      else refusal = response
    }
    expect(refusal?.status).toBe(503)
    expect(await refusal?.text()).toContain('the lines could not be stored')
    expect(acknowledged.length).toBeGreaterThan(0)
    expect((await allLines(server.url)).sort()).toEqual(acknowledged.sort())
    server.child.kill('SIGKILL')
    await server.child.exited

    const again = await start(data)
    expect((await allLines(again.url)).sort()).toEqual(acknowledged.sort())
    expect((await post(again.url, requestOf(['there is room again']))).status).toBe(200)
  }, 300_000)

  test('prints what is wrong with its settings, and does not start', async () => {
    await Bun.write(`${dir}/loki.yaml`, 'limits_config: { otlp_config: { log_attributes: [] } }')
    for (const [env, words] of [
      [{ LOG_SERVER_PORT: 'x' }, 'LOG_SERVER_PORT=x is not a port'],
      [{ LOG_SERVER_CONFIG: `${dir}/loki.yaml` }, 'log_attributes'],
      [{ LOG_SERVER_CONFIG: '/nowhere' }, 'LOG_SERVER_CONFIG=/nowhere'],
    ] as const) {
      const { exitCode, stderr } = Bun.spawnSync([process.execPath, 'console/log-server/index.ts'], {
        env: { ...process.env, ...env },
      })
      expect(stderr.toString()).toContain(words)
      expect(exitCode).toBe(1)
    }
  }, 60_000)
})

async function start(data: string, wrapper: string[] = []) {
  const port = await freePort()
  const child = Bun.spawn([...wrapper, process.execPath, 'console/log-server/index.ts'], {
    env: { ...process.env, LOG_SERVER_PORT: String(port), LOG_SERVER_DATA: data },
    stdout: 'ignore',
    stderr: 'ignore',
  })
  running.push(child)
  const url = `http://127.0.0.1:${port}`
  while (!(await fetch(`${url}/ready`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error(`the log server ended with ${child.exitCode}`)
    await Bun.sleep(20)
  }
  expect(existsSync(`${data}/logs.sqlite`)).toBe(true)
  return { url, child }
}

function requestOf(texts: string[]): object {
  const timeUnixNano = `${Date.now()}000000`
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
  const logRecords = texts.map((stringValue) => ({ timeUnixNano, body: { stringValue } }))
  return { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }
}

function post(url: string, body: object): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' }
  return fetch(`${url}/otlp/v1/logs`, { method: 'POST', headers, body: JSON.stringify(body) })
}

/** All lines, page by page. The lines of one nanosecond must fit on a page. */
async function allLines(url: string): Promise<string[]> {
  const lines: string[] = []
  let start = 0n
  for (;;) {
    const search = new URLSearchParams({
      query: '{service_name="shop"}',
      limit: '5000',
      direction: 'forward',
      start: String(start || BigInt(Date.now() - 3_600_000) * 1_000_000n),
    })
    const response = await fetch(`${url}/loki/api/v1/query_range?${search}`)
    if (!response.ok) throw new Error(await response.text())
    const { data } = (await response.json()) as { data: { result: { values: [string, string][] }[] } }
    const values = data.result.flatMap((stream) => stream.values)
    const last = values.reduce((max, [timeNs]) => (BigInt(timeNs) > max ? BigInt(timeNs) : max), 0n)
    const isLastPage = values.length < 5000
    for (const [timeNs, line] of values) {
      // The next page has all lines of this page's last nanosecond.
      if (!isLastPage && BigInt(timeNs) === last) continue
      lines.push(line)
    }
    if (isLastPage) return lines
    start = last
  }
}
