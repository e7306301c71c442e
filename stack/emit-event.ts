import { version } from '../package.json'

export interface StackEvent {
  /** `service.name` of the program that emits it. */
  service: string
  /** The event's name, as dashboards/annotations.ts queries it: `loadtest.started`. */
  eventName: string
  /** The text of the annotation in dashboards. */
  body: string
  attributes?: Record<string, string | number | boolean>
}

const timeoutMs = 5000

/**
 * Emits an event, such as the start of a load test, that dashboards draw as an annotation: one log record over OTLP/HTTP.
 * @param endpoint address of OTLP/HTTP, as in `OTEL_EXPORTER_OTLP_ENDPOINT`
 * @throws Error when the endpoint is unreachable or rejects it
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
  const response = await fetch(`${endpoint.replace(/\/$/, '')}/v1/logs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs }] }),
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) throw new Error(`${endpoint} rejects the event with ${response.status}`)
}

function toKeyValue([key, value]: [string, string | number | boolean]) {
  if (typeof value === 'string') return { key, value: { stringValue: value } }
  if (typeof value === 'boolean') return { key, value: { boolValue: value } }
  return { key, value: Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value } }
}
