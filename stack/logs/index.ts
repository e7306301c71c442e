/**
 * `bun run logs TRACE_ID`, `bun run logs QUERY [--since 15m] [--limit 1000] [--follow]`: prints log lines from the log server
 * of `bun run stack` or compose, or from the console of `bun run dev`.
 */
import { parseArgs } from 'node:util'
import { followLines, type LogLine, queryLabelValues, queryLogMetric, queryNewestLines } from '../clients/loki'
import { findLogServer } from './find-log-server'
import { formatLine, formatSample } from './format'

const usage = `usage: bun run logs TRACE_ID
       bun run logs QUERY [--since 15m] [--limit 1000] [--follow]

  --since   1h for a query, 24h for a trace id
  --limit   1000 lines, the newest; at most 5000
  --follow  prints new lines until Ctrl-C

  bun run logs 7c95ed6a43752090fb98734171a165b6
  bun run logs '{service_name="frontend"} |= "checkout.refused"' --since 15m
  bun run logs 'sum by (service_name) (count_over_time({service_name=~".+"} [5m]))'`

// `head` closes the pipe when it has enough lines.
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
    print(usage)
    return exitCodes.found
  }
  const [argument, ...more] = positionals
  if (!argument || more.length > 0) throw new Error(usage)
  const traceId = traceIdOf(argument.trim().toLowerCase())
  const query = traceId ? `{service_name=~".+"} | trace_id="${traceId}"` : argument
  const server = await findLogServer(process.env)
  const since = values.since ?? (traceId ? '24h' : '1h')
  if (!/[a-z]$/.test(since)) throw new Error(`--since "${since}" must be a duration with a unit, such as 15m`)
  if (!isLogQuery(query)) {
    const unused = Object.keys(values)
    if (unused.length > 0)
      throw new Error(`--${unused[0]} applies to log queries, and this is a metric query: set its range in [5m]`)
    const samples = await queryLogMetric(server.url, query)
    for (const sample of samples) print(formatSample(sample))
    return samples.length > 0 ? exitCodes.found : nothing(`no series for ${query} at ${server.name}`)
  }
  const printLine = (line: LogLine) => print(formatLine(line, { showsTrace: traceId === undefined }))
  const limit = limitOf(values.limit)
  const lines = await queryNewestLines(server.url, query, { since, limit })
  for (const line of lines) printLine(line)
  warnAboutLines(lines, limit)
  if (values.follow) await followLines(server.url, query, lines, printLine)
  if (lines.length > 0) return exitCodes.found
  const services = await queryLabelValues(server.url, 'service_name', since)
  const hint = services.length > 0 ? `Services with lines: ${services.join(', ')}. ` : ''
  return nothing(
    `no line of the last ${since} at ${server.name} (${server.url}) matches ${query}.\n${hint}Look further back with --since 7d; a line arrives about 2 s after it was logged.`,
  )
}

/** Warns when older lines are omitted and when a query stage failed on some lines. */
function warnAboutLines(lines: LogLine[], limit: number): void {
  if (lines.length === limit) note(`these are the newest ${limit} lines; older ones are omitted (--limit, --since)`)
  const failed = lines.filter(({ labels }) => labels.__error__ !== undefined)
  const { __error__: error, __error_details__: details } = failed[0]?.labels ?? {}
  if (failed.length > 0)
    note(`${failed.length} of these lines have ${error}, as "${details}": exclude them with | __error__=""`)
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

/** The trace id in a trace id or a `traceparent`; `undefined` for a query. @throws Error for an id of another length */
function traceIdOf(text: string): string | undefined {
  const [, fromTraceparent] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(text) ?? []
  if (fromTraceparent) return fromTraceparent
  if (!/^[0-9a-f]{8,}$/.test(text)) return undefined
  if (text.length === 32) return text
  throw new Error(`a trace id has 32 hexadecimal digits, and ${text} has ${text.length}`)
}

/** Whether a query returns lines: after comments and parentheses it starts with a selector. */
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

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
