import { Hono } from 'hono'
import { runningConfig } from '../loki-api/loki-config'
import { defaultMapping, type Mapping } from '../loki-api/mapping'
import { lokiApi } from '../loki-api/routes'
import { otlpLogReceiver } from './otlp-receiver'
import { openLogStore } from './store'

export interface LogServerOptions {
  /** A SQLite file, or `:memory:`. */
  path?: string
  /** Which resource attributes become index labels. */
  mapping?: Mapping
  /** How long lines are retained. */
  retentionMs?: number | undefined
  /** Lines per block: enough that few reads get a column, and few enough that a block is written within 50 ms. */
  blockRows?: number
  /** Called after a block is written, when its lines can be garbage-collected. */
  onBlock?: () => void
  /** The clock: milliseconds since 1970. */
  nowMs?: () => number
}

const defaultRetentionMs = 15 * 24 * 3_600_000

/** A log server with Loki's HTTP API: OTLP in, LogQL out. */
export function createLogServer(options: LogServerOptions = {}) {
  const { path = ':memory:', mapping = defaultMapping, retentionMs = defaultRetentionMs } = options
  const { blockRows = 4096, onBlock = () => {}, nowMs = Date.now } = options
  const store = openLogStore({ path, mapping, retentionMs, blockRows, onBlock, nowMs })
  const app = new Hono()
    .get('/ready', (c) => c.text('ready\n'))
    .get('/config', (c) => c.text(Bun.YAML.stringify(runningConfig(mapping, retentionMs), null, 2)))
    .get('/metrics', (c) => c.text(metrics(store.totals)))
    .route('/', otlpLogReceiver(store))
    .route('/', lokiApi({ source: store.source, nowMs }))
  app.notFound((c) =>
    c.text(
      `not found: ${c.req.path}. Send logs by OTLP to POST /otlp/v1/logs; query them at /loki/api/v1/query_range.\n`,
      404,
    ),
  )
  app.onError((error, c) => {
    process.stderr.write(`${error.stack ?? error.message}\n`)
    return c.text('the log server failed: see its standard error\n', 500)
  })
  return { app, close: store.close }
}

/** In Prometheus' text format. */
function metrics({
  lines,
  bytes,
  duplicates,
  rejected,
}: Record<'lines' | 'bytes' | 'duplicates' | 'rejected', number>): string {
  const rows: [name: string, type: string, help: string, value: number][] = [
    ['log_server_lines_total', 'counter', 'Lines stored.', lines],
    ['log_server_line_bytes_total', 'counter', 'Length of the lines stored.', bytes],
    ['log_server_duplicates_total', 'counter', 'Lines that were received again and not stored.', duplicates],
    ['log_server_rejected_total', 'counter', 'Lines that were rejected, because they are beyond a limit.', rejected],
    ['process_resident_memory_bytes', 'gauge', 'Memory of the process.', process.memoryUsage.rss()],
  ]
  return rows
    .map(([name, type, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`)
    .join('')
}
