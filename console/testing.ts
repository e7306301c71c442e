import { onTestFinished } from 'bun:test'
import { annotationEventNames } from './annotations/find-annotations'
import { createConsole } from './app'
import type { Runbooks } from './runbooks/read-runbooks'
import { openStore } from './store'
import { type Views, viewsSchema } from './views'

const host = 'localhost:4318'

type AttributesInput = Record<string, string | number | boolean>

interface SpanInput {
  traceId: string
  spanId?: string
  parentSpanId?: string
  name?: string
  kind?: number
  /** The end of the span. */
  atMs?: number
  durationMs?: number
  isError?: boolean
  attributes?: AttributesInput
  events?: { name: string; attributes: AttributesInput }[]
}

interface LogInput {
  atMs?: number
  severity?: number
  eventName?: string
  body?: string
  traceId?: string
  spanId?: string
  attributes?: AttributesInput
}

/** A console for a test, with functions that send OTLP/JSON to it and read its pages. */
export function openTestConsole(views: Views = viewsSchema.parse({}), runbooks: Runbooks = new Map()) {
  const store = openStore({ annotationEvents: annotationEventNames(views.annotations) })
  onTestFinished(store.close)
  const app = createConsole({ store, views, runbooks })
  return { store, get, sendLogs, sendSpans, sendGauges, sendAlerts, post }

  /** A page: its HTML, the HTML of its main part, and the visible text of that. */
  async function get(path: string, language = 'fr') {
    const response = await app.request(`http://${host}${path}`, {
      headers: { Host: host, 'Accept-Language': language },
    })
    const html = await response.text()
    const main = html.slice(html.indexOf('<div id="live"'), html.indexOf('<footer>'))
    return { status: response.status, html, main, text: visibleText(main) }
  }

  async function post(signal: string, body: object): Promise<Response> {
    return app.request(`http://${host}/v1/${signal}`, {
      method: 'POST',
      headers: { Host: host, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  /** Sends alerts in the format of an Alertmanager's webhook, or `body` as it is when it is a string. */
  async function sendAlerts(body: object[] | string, headers: Record<string, string> = {}): Promise<Response> {
    return app.request(`http://${host}/api/alerts`, {
      method: 'POST',
      headers: { Host: host, 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify({ version: '4', alerts: body }),
    })
  }

  async function sendLogs(service: string, ...logs: LogInput[]): Promise<void> {
    const logRecords = logs.map(({ atMs = Date.now(), severity = 9, body, attributes = {}, ...rest }) => ({
      timeUnixNano: nanos(atMs),
      severityNumber: severity,
      ...(body !== undefined && { body: { stringValue: body } }),
      attributes: keyValues(attributes),
      ...rest,
    }))
    await post('logs', { resourceLogs: [{ resource: resourceOf(service), scopeLogs: [{ logRecords }] }] })
  }

  async function sendSpans(service: string, ...given: SpanInput[]): Promise<void> {
    const spans = given.map(
      ({ atMs = Date.now(), durationMs = 10, isError, attributes = {}, events = [], ...rest }) => ({
        spanId: randomId(8),
        name: 'GET',
        kind: 2,
        startTimeUnixNano: nanos(atMs - durationMs),
        endTimeUnixNano: nanos(atMs),
        ...(isError && { status: { code: 2 } }),
        attributes: keyValues(attributes),
        events: events.map((event) => ({
          ...event,
          timeUnixNano: nanos(atMs),
          attributes: keyValues(event.attributes),
        })),
        ...rest,
      }),
    )
    await post('traces', { resourceSpans: [{ resource: resourceOf(service), scopeSpans: [{ spans }] }] })
  }

  /** Sends a gauge with one series for each set of labels. */
  async function sendGauges(service: string, name: string, ...labels: AttributesInput[]): Promise<void> {
    const dataPoints = labels.map((one) => ({
      timeUnixNano: nanos(Date.now()),
      asInt: 1,
      attributes: keyValues(one),
    }))
    const metrics = [{ name, gauge: { dataPoints } }]
    await post('metrics', { resourceMetrics: [{ resource: resourceOf(service), scopeMetrics: [{ metrics }] }] })
  }
}

export const randomId = (bytes: number): string => crypto.getRandomValues(Buffer.alloc(bytes)).toString('hex')

const nanos = (ms: number) => String(BigInt(Math.round(ms * 1000)) * 1000n)

const resourceOf = (service: string) => ({ attributes: keyValues({ 'service.name': service }) })

function keyValues(attributes: AttributesInput) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : value === Boolean(value)
          ? { boolValue: value }
          : { [Number.isInteger(value) ? 'intValue' : 'doubleValue']: value },
  }))
}

/** The text of HTML without tags, with each run of white space as one space. */
export function visibleText(html: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" }
  return html
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(lt|gt|amp|quot|#39);/g, (_, name: string) => entities[name] ?? '')
    .replace(/\s+/g, ' ')
}
