/**
 * `bun run logs TRACE_ID`, `bun run logs QUERY [--since 15m] [--limit 1000] [--follow]`: prints lines in the terminal, from the
 * log server of `bun run stack` or compose where one runs, else from the console of `bun run dev`.
 */
import { parseArgs } from 'node:util'
import type { LogLine } from '../clients/prometheus'
import { findLogServer } from './find-log-server'
import { formatLine, formatSample } from './format'
import { followLines, queryLabelValues, queryLogMetric, queryNewestLines } from './query'

const usage = `usage: bun run logs TRACE_ID
       bun run logs QUERY [--since 15m] [--limit 1000] [--follow]

  --since   1h for a query, 24h for a trace id
  --limit   1000 lines, the newest; at most 5000
  --follow  prints what comes, until Ctrl-C

  bun run logs 7c95ed6a43752090fb98734171a165b6
  bun run logs '{service_name="frontend"} |= "checkout.refused"' --since 15m
  bun run logs 'sum by (service_name) (count_over_time({service_name=~".+"} [5m]))'`

// A reader such as `head` has enough.
process.stdout.on('error', () => process.exit(0))

const exitCodes = { found: 0, nothing: 1, error: 2 }

try {
  process.exitCode = await run()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = exitCodes.error
}

async function run(): Promise<number> {
  const { values, positionals } = parsedArguments()
  if (values.help) {
    say(usage)
    return exitCodes.found
  }
  const [given, ...more] = positionals
  if (!given || more.length > 0) throw new Error(usage)
  const traceId = traceIdOf(given.trim().toLowerCase())
  const query = traceId ? `{service_name=~".+"} | trace_id="${traceId}"` : given
  const server = await findLogServer(process.env)
  const since = values.since ?? (traceId ? '24h' : '1h')
  if (!/[a-z]$/.test(since)) throw new Error(`--since needs a duration with a unit, such as 15m, and got "${since}"`)
  if (!isLogQuery(query)) {
    const unused = Object.keys(values)
    if (unused.length > 0)
      throw new Error(`--${unused[0]} is for lines, and this is a metric query: set its range in [5m]`)
    const samples = await queryLogMetric(server.url, query)
    for (const sample of samples) say(formatSample(sample))
    return samples.length > 0 ? exitCodes.found : nothing(`no series for ${query} at ${server.name}`)
  }
  const isColored = process.stdout.isTTY && !process.env.NO_COLOR
  const print = (line: LogLine) => say(formatLine(line, { isColored, showsTrace: traceId === undefined }))
  const limit = limitOf(values.limit)
  const lines = await queryNewestLines(server.url, query, { since, limit })
  for (const line of lines) print(line)
  remark(lines, limit)
  if (values.follow) await followLines(server.url, query, lines, print)
  if (lines.length > 0) return exitCodes.found
  const services = await queryLabelValues(server.url, 'service_name', since)
  const known = services.length > 0 ? `Services with lines: ${services.join(', ')}. ` : ''
  return nothing(
    `no line of the last ${since} at ${server.name} (${server.url}) matches ${query}.\n${known}Look further back with --since 7d; a line arrives some 2 s after it was written.`,
  )
}

/** What the lines themselves do not show. */
function remark(lines: LogLine[], limit: number): void {
  if (lines.length === limit) note(`the newest ${limit} lines: older ones are left out (--limit, --since)`)
  const failed = lines.filter(({ labels }) => labels.__error__ !== undefined)
  const { __error__: error, __error_details__: details } = failed[0]?.labels ?? {}
  if (failed.length > 0)
    note(`${failed.length} of these lines have ${error}, as "${details}": leave them out with | __error__=""`)
}

function parsedArguments() {
  const options = {
    since: { type: 'string' },
    limit: { type: 'string' },
    follow: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`, { cause: error })
  }
}

/** The trace id of an id or a `traceparent`; nothing for a query. @throws Error for an id of another length */
function traceIdOf(text: string): string | undefined {
  const [, ofParent] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(text) ?? []
  if (ofParent) return ofParent
  if (!/^[0-9a-f]{8,}$/.test(text)) return undefined
  if (text.length === 32) return text
  throw new Error(`a trace id has 32 hexadecimal digits, and ${text} has ${text.length}`)
}

/** Whether a query is for lines: it starts with a selector, behind comments and parentheses. */
function isLogQuery(query: string): boolean {
  return /^[\s(]*\{/.test(query.replace(/^\s*#.*$/gm, ''))
}

function limitOf(text = '1000'): number {
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 5000) return limit
  throw new Error(`--limit ${text} must be a whole number from 1 to 5000`)
}

function nothing(sentence: string): number {
  note(sentence)
  return exitCodes.nothing
}

function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
