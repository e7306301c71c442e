/**
 * A client of Loki's API, for Loki and for Vitrine's log server. Its errors carry the server's message, because the log server
 * names the wrong part of a query.
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/
 */
import { type Sample, samplesOf, type Vector } from './prometheus'

export interface LogLine {
  /** Index labels and structured metadata together. */
  labels: Record<string, string>
  line: string
  timeNs: bigint
}

const followIntervalMs = 1000
// The collector's queue delays lines, so each request of `followLines` overlaps the one before.
const followOverlapNs = 5_000_000_000n
const pageSize = 5000

/** Lines of the last hour, newest first; with `fromMs`, lines since then, oldest first. */
export async function queryLines(loki: string, query: string, limit = 1000, fromMs?: number): Promise<LogLine[]> {
  const endMs = Date.now() + 60_000
  const ns = (ms: number) => `${Math.floor(ms)}000000`
  const range = { start: ns(fromMs ?? endMs - 3_660_000), end: ns(endMs), limit: String(limit) }
  return queryRange(loki, { query, ...range, direction: fromMs === undefined ? 'backward' : 'forward' })
}

/** The newest matching lines, oldest first. `since` is a duration such as `15m`. */
export async function queryNewestLines(
  loki: string,
  query: string,
  { since, limit }: { since: string; limit: number },
) {
  return (await queryRange(loki, { query, since, limit: String(limit), direction: 'backward' })).sort(byTime)
}

/** The current value of each series of a metric query. */
export async function queryLogMetric(loki: string, query: string): Promise<Sample[]> {
  return samplesOf(await post<Vector>(`${loki}/loki/api/v1/query`, { query }))
}

/** The values of an index label in a window such as `15m`. */
export const queryLabelValues = (loki: string, label: string, since: string): Promise<string[]> =>
  post<string[]>(`${loki}/loki/api/v1/label/${label}/values`, { since })

/** Calls `print` with each line that arrives after those in `before`. It never returns. */
export async function followLines(loki: string, query: string, before: LogLine[], print: (line: LogLine) => void) {
  const oldestNs = before.at(-1)?.timeNs ?? BigInt(Date.now()) * 1_000_000n
  let printed = new Set(before.map(keyOf))
  let lastNs = oldestNs
  for (;;) {
    const startNs = lastNs - followOverlapNs > oldestNs ? lastNs - followOverlapNs : oldestNs
    const current = new Set<string>()
    for await (const line of linesSince(loki, query, startNs)) {
      const key = keyOf(line)
      if (!printed.has(key)) print(line)
      current.add(key)
      printed.add(key)
      lastNs = line.timeNs
    }
    // Only these lines can come again in the next request.
    printed = current.size > 0 ? current : printed
    await Bun.sleep(followIntervalMs)
  }
}

/** All lines since a time, oldest first, requested page by page. */
async function* linesSince(loki: string, query: string, startNs: bigint): AsyncIterable<LogLine> {
  for (let start = startNs; ; ) {
    const parameters = { query, start: String(start), limit: String(pageSize), direction: 'forward' }
    const lines = (await queryRange(loki, parameters)).sort(byTime)
    yield* lines
    const last = lines.at(-1)?.timeNs ?? start
    if (lines.length < pageSize) return
    // The next page repeats the last nanosecond, which may hold more lines, unless that nanosecond alone fills a page.
    start = last > start ? last : last + 1n
  }
}

const keyOf = ({ timeNs, line, labels }: LogLine): string => JSON.stringify([String(timeNs), line, labels])

const byTime = (a: LogLine, b: LogLine): number => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0)

async function queryRange(loki: string, parameters: Record<string, string>): Promise<LogLine[]> {
  type Streams = { stream: Record<string, string>; values: [string, string][] }[]
  const streams = await post<Streams>(`${loki}/loki/api/v1/query_range`, parameters)
  return streams.flatMap(({ stream, values }) =>
    values.map(([timeNs, line]) => ({ labels: stream, line, timeNs: BigInt(timeNs) })),
  )
}

// A form, because a query can be longer than a URL may be.
async function post<T>(url: string, parameters: Record<string, string>): Promise<T> {
  const { origin } = new URL(url)
  const body = new URLSearchParams(parameters)
  const signal = AbortSignal.timeout(30_000)
  const response = await fetch(url, { method: 'POST', body, signal }).catch((error: Error) => {
    throw new Error(`${origin} does not respond: ${error.message}`)
  })
  const text = await response.text()
  if (!response.ok) throw new Error(text.trim() || `${origin} responds with ${response.status}`)
  try {
    const { data } = JSON.parse(text)
    return data.result ?? data
  } catch {
    throw new Error(`${origin} does not respond as a log server: ${text.slice(0, 80)}`)
  }
}
