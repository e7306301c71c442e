import { onTestFinished } from 'bun:test'
import { annotationEventNames } from './annotations/find-annotations'
import { createConsole } from './app'
import { openStore } from './store'
import { type Views, viewsSchema } from './views'

const host = 'localhost:4318'

type Given = Record<string, string | number | boolean>

interface GivenSpan {
  traceId: string
  spanId?: string
  parentSpanId?: string
  name?: string
  kind?: number
  /** When it ended. */
  atMs?: number
  durationMs?: number
  isError?: boolean
  attributes?: Given
  events?: { name: string; attributes: Given }[]
}

interface GivenLog {
  atMs?: number
  severity?: number
  eventName?: string
  body?: string
  traceId?: string
  spanId?: string
  attributes?: Given
}

/** For tests: a console of its own, to which one sends OTLP/JSON, and whose pages one reads. */
export function openTestConsole(views: Views = viewsSchema.parse({})) {
  const store = openStore({ annotationEvents: annotationEventNames(views.marks) })
  onTestFinished(store.close)
  const app = createConsole({ store, views })
  return { store, get, sendLogs, sendSpans, sendGauges, sendAlerts, post }

  /** The page as it comes, and as one reads it. */
  async function get(path: string, language = 'fr') {
    const answer = await app.request(`http://${host}${path}`, { headers: { Host: host, 'Accept-Language': language } })
    const html = await answer.text()
    const main = html.slice(html.indexOf('<div id="live"'), html.indexOf('<footer>'))
    return { status: answer.status, html, main, text: visibleText(main) }
  }

  async function post(signal: string, body: object): Promise<Response> {
    return app.request(`http://${host}/v1/${signal}`, {
      method: 'POST',
      headers: { Host: host, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  /** As an Alertmanager does; `body` as it stands where it is a text. */
  async function sendAlerts(body: object[] | string, headers: Record<string, string> = {}): Promise<Response> {
    return app.request(`http://${host}/api/alerts`, {
      method: 'POST',
      headers: { Host: host, 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify({ version: '4', alerts: body }),
    })
  }

  async function sendLogs(service: string, ...logs: GivenLog[]): Promise<void> {
    const logRecords = logs.map(({ atMs = Date.now(), severity = 9, body, attributes = {}, ...rest }) => ({
      timeUnixNano: nanos(atMs),
      severityNumber: severity,
      ...(body !== undefined && { body: { stringValue: body } }),
      attributes: keyValues(attributes),
      ...rest,
    }))
    await post('logs', { resourceLogs: [{ resource: resourceOf(service), scopeLogs: [{ logRecords }] }] })
  }

  async function sendSpans(service: string, ...given: GivenSpan[]): Promise<void> {
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

  /** One metric with a series for each set of labels. */
  async function sendGauges(service: string, name: string, ...labels: Given[]): Promise<void> {
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

function keyValues(given: Given) {
  return Object.entries(given).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : value === Boolean(value)
          ? { boolValue: value }
          : { intValue: value },
  }))
}

/** What a page says, its spaces as one writes them. */
export function visibleText(html: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" }
  return html
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(lt|gt|amp|quot|#39);/g, (_, name: string) => entities[name] ?? '')
    .replace(/\s+/g, ' ')
}
