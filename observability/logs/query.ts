import type { LogLine, Sample } from '../backends'

const followEveryMs = 1000
// What takes its time through the collector's queue still comes in order.
const followBehindNs = 5_000_000_000n

/** The newest lines that match, oldest first. @throws Error with what the server says */
export async function linesOf(url: string, query: string, { since, limit }: { since: string; limit: number }) {
  return read(url, { query, since, limit: String(limit), direction: 'backward' })
}

/** The value of each series at this moment. @throws Error with what the server says */
export async function samplesOf(url: string, query: string): Promise<Sample[]> {
  type Vector = { metric: Record<string, string>; value: [number, string] }[]
  const found = await get<Vector>(`${url}/loki/api/v1/query?${new URLSearchParams({ query })}`)
  return found.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}

/** Hands on each line that comes after those `before`, until the process ends. */
export async function follow(url: string, query: string, before: LogLine[], print: (line: LogLine) => void) {
  let printed = new Set(before.map(keyOf))
  let lastNs = before.at(-1)?.timeNs ?? BigInt(Date.now()) * 1_000_000n
  for (;;) {
    const start = String(lastNs - followBehindNs)
    const lines = await read(url, { query, start, limit: '5000', direction: 'forward' })
    for (const line of lines) if (!printed.has(keyOf(line))) print(line)
    // What comes again lies within the same seconds.
    printed = new Set(lines.map(keyOf))
    lastNs = lines.at(-1)?.timeNs ?? lastNs
    await Bun.sleep(followEveryMs)
  }
}

const keyOf = ({ timeNs, line, labels }: LogLine): string =>
  `${timeNs} ${labels.service_name} ${labels.span_id} ${line}`

async function read(url: string, parameters: Record<string, string>): Promise<LogLine[]> {
  type Streams = { stream: Record<string, string>; values: [string, string][] }[]
  const found = await get<Streams>(`${url}/loki/api/v1/query_range?${new URLSearchParams(parameters)}`)
  return found
    .flatMap(({ stream, values }) => values.map(([timeNs, line]) => ({ labels: stream, line, timeNs: BigInt(timeNs) })))
    .sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0))
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) })
  const text = await response.text()
  if (!response.ok) throw new Error(text.trim() || `${new URL(url).origin} responds with ${response.status}`)
  return (JSON.parse(text) as { data: { result: T } }).data.result
}
