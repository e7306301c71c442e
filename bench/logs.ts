import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { readRunbook, runbookQueriesOf } from '../observability/runbooks'
import { freePort } from '../test/free-port'
import { logRequests } from './log-requests'
import { markdownTable, print } from './print'

const linesPerRequest = 1000
const rounds = 20
const allServices = '{service_name=~".+"}'

const steadyLinesPerS = 20_000

/**
 * The log server in its own process: `steadyS` seconds at 20 000 log lines per second; then, in another process, the maximum rate
 * of one sender, and the queries of runbooks, dashboards and Grafana over all lines. Measures wall time, CPU time and memory.
 */
export async function logs(lines = 1_000_000, steadyS = 60) {
  const steady = await steadyIntake(steadyS)
  print(
    `steady: ${steady.lines_per_s} lines/s for ${steadyS} s, ${steady.cpu_us} µs of CPU per line, RSS max ${steady.max_rss_mb} MB`,
  )
  const server = await startLogServer()
  try {
    const { intake, traceIds } = await send(server, lines)
    print(
      `intake: ${intake.lines_per_s} lines/s, ${intake.cpu_us} µs of CPU per line, RSS max ${intake.max_rss_mb} MB; ${lines} lines`,
    )
    const measured: Measured[] = []
    for (const query of queriesToMeasure(traceIds)) measured.push(await measure(server, query))
    const rows = measured.map(({ name, min_ms, median_ms, p95_ms, max_ms, cpu_ms, response_kb, rss_mb }) => [
      ...[min_ms, median_ms, p95_ms, max_ms, cpu_ms, response_kb, rss_mb].map(String),
      name.slice(0, 110).replaceAll('|', '\\|'),
    ])
    print(
      markdownTable(
        ['min, ms', 'median', 'p95', 'max', 'CPU, ms', 'response, KB', 'RSS, MB', `query, ${rounds} rounds`],
        rows,
      ),
    )
    return { steady, intake, queries: measured }
  } finally {
    await server.stop()
  }
}

async function steadyIntake(seconds: number) {
  const server = await startLogServer()
  try {
    const startMs = performance.now()
    const { intake } = await send(server, steadyLinesPerS * seconds, steadyLinesPerS)
    // Over the whole time, which a slow server prolongs.
    return { ...intake, lines_per_s: Math.round((steadyLinesPerS * seconds * 1000) / (performance.now() - startMs)) }
  } finally {
    await server.stop()
  }
}

type LogServer = Awaited<ReturnType<typeof startLogServer>>

async function startLogServer() {
  const dir = mkdtempSync(`${tmpdir()}/vitrine-bench-logs-`)
  const port = freePort()
  // As `bun run stack` starts it.
  const child = Bun.spawn([process.execPath, '--smol', 'console/log-server/index.ts'], {
    env: {
      ...process.env,
      LOG_SERVER_PORT: String(port),
      LOG_SERVER_DATA: dir,
      LOG_SERVER_CONFIG: 'observability/loki/loki.yaml',
    },
    stdout: 'ignore',
    stderr: 'inherit',
  })
  const url = `http://127.0.0.1:${port}`
  while (!(await fetch(`${url}/ready`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error(`the log server ended with exit code ${child.exitCode}`)
    await Bun.sleep(50)
  }
  return { url, stop, cpuMs, rssMb: () => memoryMb('VmRSS'), maxRssMb: () => memoryMb('VmHWM') }

  async function stop(): Promise<void> {
    child.kill('SIGTERM')
    await child.exited
    rmSync(dir, { recursive: true })
  }

  // In ticks of 10 ms: proc_pid_stat(5).
  function cpuMs(): number {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  }

  function memoryMb(field: string): number {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
  }
}

async function send({ url, cpuMs, maxRssMb }: LogServer, lines: number, linesPerS = Number.POSITIVE_INFINITY) {
  const headers = { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'gzip' }
  const traceIds: string[] = []
  let waitedMs = 0
  let sent = 0
  const firstMs = performance.now()
  for (const request of logRequests(lines, linesPerRequest, BigInt(Date.now()) * 1_000_000n)) {
    traceIds.push(...request.traceIds)
    await Bun.sleep(Math.max(0, firstMs + (sent / linesPerS) * 1000 - performance.now()))
    sent += linesPerRequest
    const startMs = performance.now()
    const response = await fetch(`${url}/otlp/v1/logs`, { method: 'POST', headers, body: request.body })
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
    // Excludes the time that the bench needs to create requests.
    waitedMs += performance.now() - startMs
  }
  const perS = Math.round((lines / waitedMs) * 1000)
  return { traceIds, intake: { lines_per_s: perS, cpu_us: round1((cpuMs() * 1000) / lines), max_rss_mb: maxRssMb() } }
}

interface MeasuredQuery {
  name: string
  /** Returns the request of the next round. */
  next: () => [path: 'query' | 'query_range', parameters: Record<string, string>]
}

function queriesToMeasure(traceIds: string[]): MeasuredQuery[] {
  const anyTraceId = () => traceIds[Math.floor(Math.random() * traceIds.length)] ?? ''
  const pages = [...new Bun.Glob('*.md').scanSync('docs/runbooks')].map((file) => file.replace('.md', ''))
  const ofRunbooks = pages.flatMap((page) => runbookQueriesOf(readRunbook(page))).filter(({ kind }) => kind === 'logql')
  const ofDashboards = [
    `${allServices} | event_name=~"fault.changed|scenario\\\\.(started|ended)"`,
    `${allServices} | severity_text=~"ERROR|FATAL" |= "connection" | line_format "{{.service_name}} · {{__line__}}"`,
    `${allServices} |= "zzz-not-there" | line_format "{{.service_name}} · {{.severity_text}} · {{__line__}}"`,
  ]
  const logVolume = `sum by (level, detected_level) (count_over_time(${allServices} | drop __error__ [1m]))`
  return [
    {
      name: 'log lines of a trace',
      next: () => ['query_range', { query: `${allServices} | trace_id="${anyTraceId()}"`, limit: '1000' }],
    },
    ...[...new Set(ofRunbooks.map(({ text }) => text))].map((query): MeasuredQuery => {
      const isMetric = !query.startsWith('{')
      return { name: query, next: () => (isMetric ? ['query', { query }] : ['query_range', { query, limit: '1000' }]) }
    }),
    ...ofDashboards.map((query): MeasuredQuery => {
      return { name: query, next: () => ['query_range', { query, limit: '200' }] }
    }),
    { name: 'log volume of Grafana’s Explore', next: () => ['query_range', { query: logVolume, step: '60' }] },
  ]
}

type Measured = Awaited<ReturnType<typeof measure>>

async function measure({ url, cpuMs, rssMb }: LogServer, { name, next }: MeasuredQuery) {
  const wall: number[] = []
  const cpu: number[] = []
  let responseLength = 0
  for (let round = 0; round < rounds; round++) {
    const [path, parameters] = next()
    const startMs = performance.now()
    const startCpuMs = cpuMs()
    const response = await fetch(`${url}/loki/api/v1/${path}?${new URLSearchParams(parameters)}`)
    const text = await response.text()
    if (!response.ok) throw new Error(`${name}: ${text}`)
    responseLength = text.length
    wall.push(performance.now() - startMs)
    cpu.push(cpuMs() - startCpuMs)
  }
  return {
    name,
    min_ms: quantile(wall, 0),
    median_ms: quantile(wall, 0.5),
    p95_ms: quantile(wall, 0.95),
    max_ms: quantile(wall, 1),
    cpu_ms: quantile(cpu, 0.5),
    response_kb: Math.round(responseLength / 1024),
    rss_mb: rssMb(),
  }
}

// Nearest rank: of 20 values, the 0.95 quantile is the 19th.
const quantile = (values: number[], share: number): number =>
  round1(values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN)

const round1 = (value: number): number => Math.round(value * 10) / 10
