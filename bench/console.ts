import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { gzipSync } from 'node:zlib'
import { print } from './print'

const port = 24_318
const url = `http://127.0.0.1:${port}`
const spansPerTrace = 16
const tracesPerBatch = 32
const senders = 2
const pages = ['/', '/traces', '/logs', '/routes', '/metrics', '/queries', '/map', '/errors', '/alerts', '/cost']

/**
 * The console: how many spans per second it stores in memory, how long its pages take with `stored` spans and as many log
 * records in a file, and the start-up time and memory of `bun run dev`.
 */
export async function benchConsole(seconds = 60, stored = 1_000_000, printText = print) {
  const intake = await measureIntake(seconds)
  const rendered = await measurePages(stored)
  const dev = await measureDev()
  printText(
    `intake: ${intake.spans_per_s} spans/s over ${seconds} s in memory; max RSS ${intake.rss_mb} MB, ${intake.retained} spans retained`,
  )
  printText(
    `pages with ${rendered.spans} spans and ${rendered.logs} log records in a file of ${rendered.file_mb} MB, ms (median of 7, French, whole HTML):`,
  )
  for (const [path, ms] of Object.entries(rendered.pages)) printText(`  ${path.padEnd(28)} ${ms.toFixed(1)}`)
  printText(`bun run dev: ready after ${dev.ready_ms} ms; RSS ${dev.rss_mb} MB in all: ${dev.each.join(' + ')}`)
  return {
    spans_per_s: intake.spans_per_s,
    page_ms_max: Math.max(...Object.values(rendered.pages)),
    ready_ms: dev.ready_ms,
    rss_mb: dev.rss_mb,
  }
}

async function measureIntake(seconds: number) {
  const console = await start({})
  let rss = 0
  let sent = 0
  const endMs = performance.now() + seconds * 1000
  const startMs = performance.now()
  const sender = async (n: number) => {
    const next = createBatches()
    for (let batch = n; performance.now() < endMs; batch += senders) {
      sent += await send('traces', next(batch))
      if (batch % 8 === 0) rss = Math.max(rss, rssMb(console.pid))
    }
  }
  await Promise.all(Array.from({ length: senders }, (_, n) => sender(n)))
  const rate = Math.round(sent / ((performance.now() - startMs) / 1000))
  const retained = /<p>([\d\u202f]+) spans/.exec(await text('/cost'))?.[1] ?? '?'
  await console.stop()
  return { spans_per_s: rate, rss_mb: rss, retained }
}

async function measurePages(stored: number) {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-console-`)
  const console = await start({ VITRINE_CONSOLE_STORE: `${dir}/store.sqlite` })
  let spans = 0
  let logs = 0
  for (let batch = 0; spans < stored; batch++) {
    const [newSpans, newLogs] = await Promise.all([send('traces', tracesOf(batch)), send('logs', logsOf(batch))])
    spans += newSpans
    logs += newLogs
  }
  await Bun.sleep(7000)
  const trace = /href="(\/traces\/[0-9a-f]{32})"/.exec(await text('/traces'))?.[1] ?? '/traces'
  const paths = [
    ...pages,
    trace,
    '/traces?status=error',
    '/traces?q=cart.size%3D3',
    '/traces?q=nowhere',
    '/logs?q=nowhere',
  ]
  const times: Record<string, number> = {}
  for (const path of paths) times[path.replace(/[0-9a-f]{32}/, ':id')] = await medianMs(path)
  await console.stop()
  const file = Bun.file(`${dir}/store.sqlite`).size + Bun.file(`${dir}/store.sqlite-wal`).size
  rmSync(dir, { recursive: true, force: true })
  return { spans, logs, pages: times, file_mb: Math.round(file / 1024 / 1024) }
}

async function medianMs(path: string): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 7; round++) {
    const startMs = performance.now()
    await text(path)
    times.push(performance.now() - startMs)
  }
  return times.sort((a, b) => a - b)[3] ?? 0
}

async function measureDev() {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-dev-`)
  const env = { ...process.env, VITRINE_BASE_PORT: '24400', VITRINE_CONSOLE_PORT: '24410', VITRINE_DATA: dir }
  const child = Bun.spawn([process.execPath, 'run', 'dev'], { env, stdout: 'pipe', stderr: 'ignore' })
  const startMs = performance.now()
  const isReady = Promise.withResolvers<void>()
  const read = async () => {
    for await (const chunk of child.stdout)
      if (new TextDecoder().decode(chunk).includes('ready after')) isReady.resolve()
  }
  void read()
  await isReady.promise
  const ready = Math.round(performance.now() - startMs)
  await Bun.sleep(2000)
  const pids = (await Bun.file(`${dir}/dev.json`).json()) as Record<string, number>
  const each = Object.entries(pids).map(([name, pid]) => [name, rssMb(pid)] as const)
  child.kill('SIGINT')
  await child.exited
  rmSync(dir, { recursive: true, force: true })
  const sum = each.reduce((total, [, mb]) => total + mb, 0)
  return { ready_ms: ready, rss_mb: Math.round(sum), each: each.map(([name, mb]) => `${name} ${Math.round(mb)}`) }
}

async function start(env: Record<string, string>) {
  const given = { ...process.env, VITRINE_CONSOLE_PORT: String(port), ...env }
  const child = Bun.spawn([process.execPath, 'console/index.ts'], { env: given, stdout: 'ignore', stderr: 'inherit' })
  for (let attempt = 0; attempt < 200; attempt++) {
    if ((await fetch(`${url}/ready`).catch(() => undefined))?.ok) break
    await Bun.sleep(20)
  }
  return {
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM')
      await child.exited
    },
  }
}

async function send(signal: string, { body, count }: { body: string | Uint8Array; count: number }): Promise<number> {
  const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }
  const response = await fetch(`${url}/v1/${signal}`, { method: 'POST', headers, body: gzipSync(body, { level: 1 }) })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  await response.arrayBuffer()
  return count
}

const text = async (path: string): Promise<string> => (await fetch(`${url}${path}`)).text()

function rssMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
const idOf = (batch: number, trace: number): string => `${hex(batch + 1, 16)}${hex(trace + 1, 16)}`
const nanos = (us: number): string => `${us}000`
const keyValue = (key: string, value: string | number) =>
  `{"key":"${key}","value":{${typeof value === 'number' ? `"intValue":${value}` : `"stringValue":"${value}"`}}}`

/**
 * Creates batches that differ in their trace ids only. Timestamps change once a second, because serializing a batch takes longer
 * than the console needs to store it, and both share two cores.
 */
function createBatches(): (batch: number) => { body: Uint8Array; count: number } {
  let createdMs = Number.NEGATIVE_INFINITY
  let bytes = Buffer.alloc(0)
  let idPositions: [offset: number, trace: number][] = []
  return (batch) => {
    if (performance.now() - createdMs > 1000) {
      createdMs = performance.now()
      bytes = Buffer.from(tracesOf(0).body)
      idPositions = [...bytes.toString('latin1').matchAll(/"traceId":"(\w{32})"/g)].map((found) => [
        found.index + 11,
        Number.parseInt(found[1]?.slice(16) ?? '', 16) - 1,
      ])
    }
    for (const [offset, trace] of idPositions) bytes.write(idOf(batch, trace), offset, 'latin1')
    return { body: bytes, count: tracesPerBatch * spansPerTrace }
  }
}

// Each trace has a page, a client call, its server span and database statements; every fiftieth trace fails.
function tracesOf(batch: number): { body: string; count: number } {
  const nowUs = Date.now() * 1000
  const byService: [string[], string[]] = [[], []]
  for (let trace = 0; trace < tracesPerBatch; trace++) {
    const id = idOf(batch, trace)
    const isFailed = trace % 50 === 0
    for (let at = 0; at < spansPerTrace; at++)
      byService[at < 2 ? 0 : 1].push(spanOf(id, at, batch + trace, isFailed, nowUs))
  }
  const groups = byService.map(
    (spans, at) =>
      `{"resource":{"attributes":[${keyValue('service.name', at === 0 ? 'front' : 'back')}]},"scopeSpans":[{"scope":{"name":"bench"},"spans":[${spans}]}]}`,
  )
  return { body: `{"resourceSpans":[${groups}]}`, count: tracesPerBatch * spansPerTrace }
}

function spanOf(traceId: string, at: number, seed: number, isFailed: boolean, nowUs: number): string {
  const kind = at === 1 ? 3 : at === 0 || at === 2 ? 2 : 3
  const parent = at === 0 ? '' : hex(Math.min(at, 3), 16)
  const startUs = nowUs - 50_000 + at * 1000
  const route = `/thing/${seed % 40}/:id`
  const http = [
    keyValue('http.request.method', 'GET'),
    ...(at === 1 ? [keyValue('service.peer.name', 'back')] : [keyValue('http.route', route)]),
    keyValue('url.path', `/thing/${seed}`),
    keyValue('http.response.status_code', isFailed ? 500 : 200),
    keyValue('cart.size', seed % 7),
  ]
  const sql = [
    keyValue('db.system.name', 'sqlite'),
    keyValue('db.namespace', 'things'),
    keyValue('db.query.summary', `SELECT t${at}`),
    keyValue('db.query.text', `select a, b, c from t${at} where id = ? limit ?`),
  ]
  const attributes = at <= 2 ? http : sql
  const failed = isFailed && at <= 2 ? `,"status":{"code":2}` : ''
  const own = isFailed && at <= 2 ? [keyValue('error.type', '500')] : []
  return `{"traceId":"${traceId}","spanId":"${hex(at + 1, 16)}","parentSpanId":"${parent}","name":"${at <= 2 ? `GET ${route}` : `SELECT t${at}`}","kind":${kind},"startTimeUnixNano":"${nanos(startUs)}","endTimeUnixNano":"${nanos(startUs + 5000 + (seed % 90) * 100)}","attributes":[${[...attributes, ...own]}]${failed}}`
}

function logsOf(batch: number): { body: string; count: number } {
  const nowUs = Date.now() * 1000
  const count = tracesPerBatch * spansPerTrace
  const lines = Array.from({ length: count }, (_, at) => {
    const attributes = [keyValue('http.route', `/thing/${at % 40}/:id`), keyValue('cart.size', at % 7)]
    return `{"timeUnixNano":"${nanos(nowUs)}","severityNumber":9,"severityText":"INFO","eventName":"http.server.request","body":{"stringValue":"GET /thing/${at} 200"},"attributes":[${attributes}],"traceId":"${idOf(batch, at % tracesPerBatch)}","spanId":"${hex(1, 16)}"}`
  })
  return {
    body: `{"resourceLogs":[{"resource":{"attributes":[${keyValue('service.name', 'front')}]},"scopeLogs":[{"scope":{"name":"bench"},"logRecords":[${lines}]}]}]}`,
    count,
  }
}
