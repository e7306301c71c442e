import { version } from '../package.json'

export interface StackEvent {
  /** Who says it. */
  service: string
  /** The event's name, as dashboards/annotations.ts looks for it: `loadtest.started`. */
  eventName: string
  /** What people read above the curves. */
  body: string
  attributes?: Record<string, string | number | boolean>
}

const patienceMs = 5000

/**
 * Tells a collector or the console that something happens which will bend curves: a log record that is an event.
 * @param endpoint address of OTLP/HTTP, as in `OTEL_EXPORTER_OTLP_ENDPOINT`
 * @throws Error when nobody takes it
 * @see https://opentelemetry.io/docs/specs/otel/logs/data-model-event/
 */
export async function emitEvent(
  endpoint: string,
  { service, eventName, body, attributes = {} }: StackEvent,
): Promise<void> {
  const timeUnixNano = `${Date.now()}000000`
  const record = {
    timeUnixNano,
    observedTimeUnixNano: timeUnixNano,
    severityNumber: 9,
    severityText: 'INFO',
    eventName: eventName,
    body: { stringValue: body },
    attributes: Object.entries(attributes).map(toKeyValue),
  }
  const resource = {
    attributes: Object.entries({ 'service.name': service, 'service.version': version }).map(toKeyValue),
  }
  const scopeLogs = [{ scope: { name: 'vitrine.announce' }, logRecords: [record] }]
  const answer = await fetch(`${endpoint.replace(/\/$/, '')}/v1/logs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs }] }),
    signal: AbortSignal.timeout(patienceMs),
  })
  if (!answer.ok) throw new Error(`${endpoint} answers ${answer.status} to an announcement`)
}

function toKeyValue([key, value]: [string, string | number | boolean]) {
  if (typeof value === 'string') return { key, value: { stringValue: value } }
  if (typeof value === 'boolean') return { key, value: { boolValue: value } }
  return { key, value: Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value } }
}
