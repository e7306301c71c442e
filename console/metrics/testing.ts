import { onTestFinished } from 'bun:test'
import { createConsole } from '../app'
import { openStore } from '../store'

/** A console for a test, with functions that send OTLP/JSON to it and read its pages. */
export function openConsole() {
  const store = openStore()
  onTestFinished(store.close)
  const app = createConsole({ store })
  return { store, sendMetrics, sendSpans, read }

  async function send(signal: string, body: object): Promise<void> {
    const response = await app.request(`http://localhost:4318/v1/${signal}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Host: 'localhost:4318' },
      body: JSON.stringify(body),
    })
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  }

  /** Sends the metrics of one process. Each start of a service has its own `instance`. */
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
    const response = await app.request(`http://localhost:4318${path}`, { headers })
    return parsePage(await response.text())
  }
}

export interface RenderedPage {
  html: string
  /** The cells of the first row that contains all of `texts`. */
  row(...texts: string[]): string[]
  text: string
}

function parsePage(html: string): RenderedPage {
  const rows = [...html.matchAll(/<tr[ >].*?<\/tr>/gs)].map(([row]) =>
    row
      .split(/<t[dh][ >]/)
      .slice(1)
      .map(textOf),
  )
  return {
    html,
    text: textOf(html),
    row: (...texts) => rows.find((cells) => texts.every((text) => cells.join(' ').includes(text))) ?? [],
  }
}

// A cell can start inside a tag, which is removed. No-break spaces become plain spaces.
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
 * The time `seconds` ago, in nanoseconds. Tests stop the clock, so that all points of a process have the same start time and
 * rates do not depend on the duration of a test.
 */
export const nanosAgo = (seconds: number): string => `${Math.round(Date.now() - seconds * 1000)}000000`

/** A histogram point with buckets up to 100 ms, up to 200 ms and above. */
export function histogramPoint(counts: [number, number, number], startedAgoS: number, agoS: number, labels = {}) {
  const [low, middle, high] = counts
  return {
    attributes: attributes(labels),
    ...{ startTimeUnixNano: nanosAgo(startedAgoS), timeUnixNano: nanosAgo(agoS) },
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

let spanCount = 0

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

/** A span that ended `secondsAgo`. */
export function span({ labels = {}, ms = 10, secondsAgo = 1, isError = false, ...rest }: SpanParts = {}) {
  const id = (++spanCount).toString(16).padStart(16, '0')
  return {
    ...{ traceId: id.repeat(2), spanId: id, name: 'work', kind: 2 },
    ...rest,
    ...{ startTimeUnixNano: nanosAgo(secondsAgo + ms / 1000), endTimeUnixNano: nanosAgo(secondsAgo) },
    attributes: attributes(labels),
    status: isError ? { code: 2 } : {},
  }
}
