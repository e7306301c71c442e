import type { LogLine, Sample } from '../clients/prometheus'

const followEveryMs = 1000
// Each request reads some seconds again, because lines arrive late through the collector's queue.
const followBehindNs = 5_000_000_000n
const pageSize = 5000

/** The newest lines that match, in order of time. `since` is a duration such as `15m`. @throws Error with the server's message */
export async function queryNewestLines(url: string, query: string, { since, limit }: { since: string; limit: number }) {
  return read(url, { query, since, limit: String(limit), direction: 'backward' })
}

/** The current value of each series. @throws Error with the server's message */
export async function queryLogMetric(url: string, query: string): Promise<Sample[]> {
  type Vector = { metric: Record<string, string>; value: [number, string] }[]
  const found = await get<Vector>(`${url}/loki/api/v1/query`, { query })
  return found.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}

/** The values of an index label in a window. @throws Error with the server's message */
export const queryLabelValues = (url: string, label: string, since: string): Promise<string[]> =>
  get<string[]>(`${url}/loki/api/v1/label/${label}/values`, { since })

/** Prints each line that comes after those in `before`, until the process ends. @throws Error with the server's message */
export async function followLines(url: string, query: string, before: LogLine[], print: (line: LogLine) => void) {
  const oldestNs = before.at(-1)?.timeNs ?? BigInt(Date.now()) * 1_000_000n
  let printed = new Set(before.map(keyOf))
  let lastNs = oldestNs
  for (;;) {
    const startNs = lastNs - followBehindNs > oldestNs ? lastNs - followBehindNs : oldestNs
    const seen = new Set<string>()
    for await (const line of pages(url, query, startNs)) {
      const key = keyOf(line)
      if (!printed.has(key)) print(line)
      seen.add(key)
      printed.add(key)
      lastNs = line.timeNs
    }
    // The next request reads these lines again.
    printed = seen.size > 0 ? seen : printed
    await Bun.sleep(followEveryMs)
  }
}

/** All lines from a moment on, in order of time, a page after the other. */
async function* pages(url: string, query: string, startNs: bigint): AsyncIterable<LogLine> {
  for (let start = startNs; ; ) {
    const lines = await read(url, { query, start: String(start), limit: String(pageSize), direction: 'forward' })
    yield* lines
    const last = lines.at(-1)?.timeNs ?? start
    if (lines.length < pageSize) return
    // The last nanosecond comes again, with lines that did not fit; a page that is full of it can't be divided.
    start = last > start ? last : last + 1n
  }
}

const keyOf = ({ timeNs, line, labels }: LogLine): string => JSON.stringify([String(timeNs), line, labels])

async function read(url: string, parameters: Record<string, string>): Promise<LogLine[]> {
  type Streams = { stream: Record<string, string>; values: [string, string][] }[]
  const found = await get<Streams>(`${url}/loki/api/v1/query_range`, parameters)
  return found
    .flatMap(({ stream, values }) => values.map(([timeNs, line]) => ({ labels: stream, line, timeNs: BigInt(timeNs) })))
    .sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0))
}

// As a form, because a query can be longer than an address may be.
async function get<T>(url: string, parameters: Record<string, string>): Promise<T> {
  const { origin } = new URL(url)
  const body = new URLSearchParams(parameters)
  const response = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(30_000) }).catch(
    (error: Error) => {
      throw new Error(`${origin} does not respond: ${error.message}`)
    },
  )
  const text = await response.text()
  if (!response.ok) throw new Error(text.trim() || `${origin} responds with ${response.status}`)
  try {
    const { data } = JSON.parse(text)
    return data.result ?? data
  } catch {
    throw new Error(`${origin} does not respond as a log server: ${text.slice(0, 80)}`)
  }
}
