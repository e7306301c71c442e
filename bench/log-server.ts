/**
 * `bun run bench logs`: the log server's intake for a minute, and queries over a million lines: wall time, CPU time of its
 * process, memory.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { otlpType } from '../console/receive/schema'
import { runbookPage, queriesOf as runbookQueries } from '../observability/runbooks'

const lineCount = Number(process.env.BENCH_LINES || 1_000_000)
const linesPerRequest = 1000
const rounds = 20
const dir = mkdtempSync(`${tmpdir()}/vitrine-bench-logs-`)
const port = 31_000 + (process.pid % 1000)
const url = `http://127.0.0.1:${port}`
const server = Bun.spawn(
  [process.execPath, ...(process.env.BENCH_NOSMOL ? [] : ['--smol']), 'console/log-server/index.ts'],
  {
    env: {
      ...process.env,
      LOG_SERVER_PORT: String(port),
      LOG_SERVER_DATA: dir,
      LOG_SERVER_CONFIG: 'observability/loki/loki.yaml',
    },
    stdout: 'ignore',
    stderr: 'inherit',
  },
)
try {
  await ready()
  const endNs = BigInt(Date.now()) * 1_000_000n
  const traceIds = await fill(endNs)
  await queries(traceIds)
} finally {
  server.kill('SIGTERM')
  await server.exited
  rmSync(dir, { recursive: true })
}

/** A million lines over the last hour, as fast as they are taken; then as many a second as for a minute's rate. */
async function fill(endNs: bigint): Promise<string[]> {
  const traceIds: string[] = []
  const bodies = Array.from({ length: lineCount / linesPerRequest }, (_, batch) => batch)
  const startMs = performance.now()
  const startCpu = cpuSeconds()
  let sent = 0
  let maxRssMb = 0
  let making = 0
  for (const batch of bodies) {
    const madeMs = performance.now()
    const { body, ids } = request(batch, endNs)
    making += performance.now() - madeMs
    traceIds.push(...ids)
    const response = await fetch(`${url}/otlp/v1/logs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'gzip' },
      body,
    })
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
    sent += linesPerRequest
    maxRssMb = Math.max(maxRssMb, rssMb())
  }
  const seconds = (performance.now() - startMs) / 1000
  const cpu = cpuSeconds() - startCpu
  say(
    `intake: ${sent} lines in ${seconds.toFixed(1)} s of which ${(making / 1000).toFixed(1)} s made them: ${Math.round(sent / (seconds - making / 1000))} lines/s`,
  )
  say(`        ${((cpu / sent) * 1e6).toFixed(1)} µs of CPU a line, memory at most ${maxRssMb} MB, peak ${peakMb()} MB`)
  return traceIds
}

async function queries(traceIds: string[]): Promise<void> {
  const one = () => traceIds[Math.floor(Math.random() * traceIds.length)] ?? ''
  await measure('trace', () => ['query_range', { query: `{service_name=~".+"} | trace_id="${one()}"`, limit: '1000' }])
  const pages = [...new Bun.Glob('*.md').scanSync('docs/runbooks')].map((file) => file.replace('.md', ''))
  const texts = new Set(
    pages
      .flatMap((page) => runbookQueries(runbookPage(page)))
      .filter(({ kind }) => kind === 'logql')
      .map(({ text }) => text),
  )
  for (const text of texts) {
    await measure(text, () =>
      text.startsWith('{') ? ['query_range', { query: text, limit: '1000' }] : ['query', { query: text }],
    )
  }
  for (const text of [
    '{service_name=~".+"} | event_name=~"fault.changed|scenario\\\\.(started|ended)"',
    '{service_name=~".+"} | severity_text=~"ERROR|FATAL" |= "connection" | line_format "{{.service_name}} · {{__line__}}"',
    '{service_name=~".+"} |= "zzz-not-there" | line_format "{{.service_name}} · {{.severity_text}} · {{__line__}}"',
  ])
    await measure(text, () => ['query_range', { query: text, limit: '200' }])
  await measure('log volume', () => [
    'query_range',
    {
      query: 'sum by (level, detected_level) (count_over_time({service_name=~".+"} | drop __error__ [1m]))',
      step: '60',
    },
  ])
}

async function measure(name: string, next: () => [path: string, parameters: Record<string, string>]): Promise<void> {
  const wall: number[] = []
  const cpu: number[] = []
  let bytes = 0
  for (let round = 0; round < rounds; round++) {
    const [path, parameters] = next()
    const startMs = performance.now()
    const startCpu = cpuSeconds()
    const response = await fetch(`${url}/loki/api/v1/${path}?${new URLSearchParams(parameters)}`)
    const text = await response.text()
    if (!response.ok) throw new Error(`${name}: ${text}`)
    bytes = text.length
    wall.push(performance.now() - startMs)
    cpu.push((cpuSeconds() - startCpu) * 1000)
  }
  const at = (values: number[], share: number) =>
    (values.toSorted((a, b) => a - b)[Math.min(rounds - 1, Math.floor(rounds * share))] ?? 0).toFixed(0).padStart(5)
  say(
    `${at(wall, 0)} ${at(wall, 0.5)} ${at(wall, 0.95)} ms wall (min, median, p95)  ${at(cpu, 0.5)} ms CPU ${String(Math.round(bytes / 1024)).padStart(5)} KB ${rssMb()} MB  ${name.slice(0, 110)}`,
  )
}

function request(batch: number, endNs: bigint) {
  const ids: string[] = []
  const spreadNs = 3_500_000_000_000n / BigInt(lineCount)
  const services = ['frontend', 'order-service', 'product-service', 'user-service']
  const byService = new Map<string, object[]>(services.map((name) => [name, []]))
  let trace = ''
  for (let at = 0; at < linesPerRequest; at++) {
    const n = batch * linesPerRequest + at
    if (at % 8 === 0) {
      trace = Bun.randomUUIDv7().replaceAll('-', '')
      ids.push(trace)
    }
    const service = services[n % 4] ?? ''
    const timeNs = endNs - 3_500_000_000_000n + BigInt(n) * spreadNs + BigInt(n % 997)
    const isError = n % 200 === 7
    const route = ['/', '/product/:slug', '/checkout', '/checkout/process', '/api/order', '/api/products'][n % 6] ?? ''
    const attributes = [
      text('http.request.method', n % 9 ? 'GET' : 'POST'),
      text('http.route', route),
      text('url.path', route === '/product/:slug' ? `/product/p${n % 10}` : route),
      text('url.scheme', 'http'),
      int('http.response.status_code', isError ? 503 : 200),
      {
        key: 'http.server.request.duration',
        value: { doubleValue: ((n * 7919) % 100_000) / 300_000 + (n % 1000 === 3 ? 0.5 : 0) },
      },
      text('server.address', 'localhost'),
      int('server.port', 5000 + (n % 4)),
      text('network.protocol.version', '1.1'),
      ...(isError
        ? [
            text('error.type', '503'),
            text('problem.code', 'UNAVAILABLE'),
            text('exception.message', `connect ECONNREFUSED ${n % 3}`),
          ]
        : []),
      ...(n % 5000 === 11 ? [text('event.name', 'checkout.refused'), text('reason', 'out_of_stock')] : []),
    ]
    byService.get(service)?.push({
      timeUnixNano: long(timeNs),
      observedTimeUnixNano: long(timeNs + 1000n),
      severityNumber: isError ? 17 : 9,
      severityText: isError ? 'ERROR' : 'INFO',
      body: { stringValue: `${n % 9 ? 'GET' : 'POST'} ${route} ${isError ? '503 connection refused' : '200'}` },
      attributes,
      flags: 1,
      traceId: Buffer.from(trace, 'hex'),
      spanId: crypto.getRandomValues(Buffer.alloc(8)),
    })
  }
  const resourceLogs = services.map((service) => ({
    resource: {
      attributes: [
        text('service.name', service),
        text('service.namespace', 'vitrine'),
        text('deployment.environment.name', 'development'),
        text('service.version', '0.1.0'),
        text('service.instance.id', `0192a000-0000-7000-8000-00000000000${services.indexOf(service)}`),
        text('host.name', 'localhost'),
        text('os.type', 'linux'),
        text('process.runtime.name', 'bun'),
        int('process.pid', 4711),
      ],
    },
    scopeLogs: [{ scope: { name: '@vitrine/telemetry', version: '0.1.0' }, logRecords: byService.get(service) }],
  }))
  const bytes = otlpType('ExportLogsServiceRequest').encode({ resourceLogs }).finish()
  return { body: Bun.gzipSync(new Uint8Array(bytes), { level: 1 }), ids }
}

function text(key: string, stringValue: string) {
  return { key, value: { stringValue } }
}
function int(key: string, intValue: number) {
  return { key, value: { intValue } }
}
function long(ns: bigint) {
  return { low: Number(BigInt.asIntN(32, ns)), high: Number(ns >> 32n), unsigned: true }
}

async function ready(): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if ((await fetch(`${url}/ready`).catch(() => undefined))?.ok) return
    await Bun.sleep(100)
  }
  throw new Error('the log server did not become ready within 30 s')
}

// In ticks of 10 ms.
function cpuSeconds(): number {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
function rssMb(): number {
  return memory('VmRSS')
}
function peakMb(): number {
  return memory('VmHWM')
}
function memory(field: string): number {
  return Math.round(
    Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  )
}
function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
