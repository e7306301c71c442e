import { onTestFinished } from 'bun:test'
import { createConsole } from '../app'
import { openStore } from '../store'

/** A console to send to and to read pages of, as tests do. */
export function openConsole() {
  const store = openStore()
  onTestFinished(store.close)
  const app = createConsole({ store })
  return { store, sendMetrics, sendSpans, read }

  async function send(signal: string, body: object): Promise<void> {
    const answer = await app.request(`http://localhost:4318/v1/${signal}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Host: 'localhost:4318' },
      body: JSON.stringify(body),
    })
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
  }

  /** What one start of a program sends: each start has its own `instance`. */
  function sendMetrics(service: string, metrics: object[], instance = 'one'): Promise<void> {
    const resource = { attributes: attributes({ 'service.name': service, 'service.instance.id': instance }) }
    return send('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] })
  }

  async function sendSpans(service: string, spans: object[]): Promise<void> {
    const resource = { attributes: attributes({ 'service.name': service }) }
    await send('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })
    store.flush(true)
  }

  async function read(path: string, language = 'fr'): Promise<RenderedPage> {
    const headers = { Host: 'localhost:4318', 'Accept-Language': language }
    const answer = await app.request(`http://localhost:4318${path}`, { headers })
    return shown(await answer.text())
  }
}

export interface RenderedPage {
  html: string
  /** The text of the row in which all of `words` stand, cell by cell. */
  row(...words: string[]): string[]
  text: string
}

function shown(html: string): RenderedPage {
  const rows = [...html.matchAll(/<tr[ >].*?<\/tr>/gs)].map(([row]) =>
    row
      .split(/<t[dh][ >]/)
      .slice(1)
      .map(textOf),
  )
  return {
    html,
    text: textOf(html),
    row: (...words) => rows.find((cells) => words.every((word) => cells.join(' ').includes(word))) ?? [],
  }
}

// What begins in the middle of a tag is left off with it; spaces that don't break are as good as others.
const textOf = (html: string): string =>
  html
    .replace(/^[^<>]*>/, '')
    .replace(/<[^>]*>/g, '')
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .trim()

export function attributes(values: Record<string, string | number>): object[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: value },
  }))
}

/**
 * So many seconds ago, in nanoseconds. Tests stop the clock: two points of one run must say the same beginning, and rates
 * must not depend on how long a test takes.
 */
export const nanosAgo = (seconds: number): string => `${Math.round(Date.now() - seconds * 1000)}000000`

/** A point of a distribution of durations up to 100 ms, 200 ms and more. */
export function histogramPoint(counts: [number, number, number], from: number, at: number, labels = {}) {
  const [low, middle, high] = counts
  return {
    attributes: attributes(labels),
    ...{ startTimeUnixNano: nanosAgo(from), timeUnixNano: nanosAgo(at) },
    ...{ count: low + middle + high, sum: 1, explicitBounds: [0.1, 0.2], bucketCounts: counts },
  }
}

export const cumulative = 2
export const delta = 1

export function requestDurationMetric(dataPoints: object[], aggregationTemporality = cumulative): object {
  return {
    ...{ name: 'http.server.request.duration', unit: 's', description: 'How long requests took' },
    histogram: { aggregationTemporality, dataPoints },
  }
}

export const requestAttributes = (route: string, status = 200) => ({
  'http.request.method': 'GET',
  'http.route': route,
  'http.response.status_code': status,
})

let made = 0

interface SpanParts {
  name?: string
  kind?: number
  parentSpanId?: string
  traceId?: string
  spanId?: string
  ms?: number
  secondsAgo?: number
  isError?: boolean
  labels?: Record<string, string | number>
}

/** A span that has ended lately. */
export function span({ labels = {}, ms = 10, secondsAgo = 1, isError = false, ...given }: SpanParts = {}) {
  const id = (++made).toString(16).padStart(16, '0')
  return {
    ...{ traceId: id.repeat(2), spanId: id, name: 'work', kind: 2 },
    ...given,
    ...{ startTimeUnixNano: nanosAgo(secondsAgo + ms / 1000), endTimeUnixNano: nanosAgo(secondsAgo) },
    attributes: attributes(labels),
    status: isError ? { code: 2 } : {},
  }
}
