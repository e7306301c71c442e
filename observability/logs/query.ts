import type { LogLine, Sample } from '../backends'

const followEveryMs = 1000
// Each request reads some seconds again, because lines arrive late through the collector's queue.
const followBehindNs = 5_000_000_000n

/** The newest lines that match, in order of time. `since` is a duration such as `15m`. @throws Error with the server's message */
export async function linesOf(url: string, query: string, { since, limit }: { since: string; limit: number }) {
  return read(url, { query, since, limit: String(limit), direction: 'backward' })
}

/** The current value of each series. @throws Error with the server's message */
export async function samplesOf(url: string, query: string): Promise<Sample[]> {
  type Vector = { metric: Record<string, string>; value: [number, string] }[]
  const found = await get<Vector>(`${url}/loki/api/v1/query?${new URLSearchParams({ query })}`)
  return found.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}

/** Prints each line that is not in `before` when it arrives, until the process ends. @throws Error with the server's message */
export async function follow(url: string, query: string, before: LogLine[], print: (line: LogLine) => void) {
  let printed = new Set(before.map(keyOf))
  let lastNs = before.at(-1)?.timeNs ?? BigInt(Date.now()) * 1_000_000n
  for (;;) {
    const start = String(lastNs - followBehindNs)
    const lines = await read(url, { query, start, limit: '5000', direction: 'forward' })
    for (const line of lines) if (!printed.has(keyOf(line))) print(line)
    // The next request reads these lines again.
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
