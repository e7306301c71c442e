export interface Announcement {
  /** `service.name` of who announces. */
  service: string
  event: string
  body: string
  attributes?: Record<string, string | number>
}

/** Sends one log record, an event, to a collector: what dashboards draw as an annotation. @throws Error when it is not taken */
export async function announce(
  endpoint: string,
  { service, event, body, attributes = {} }: Announcement,
): Promise<void> {
  const record = {
    timeUnixNano: `${Date.now()}000000`,
    severityNumber: 9,
    severityText: 'info',
    eventName: event,
    body: { stringValue: body },
    attributes: attributesOf(attributes),
  }
  const resource = { attributes: attributesOf({ 'service.name': service, 'service.namespace': 'vitrine' }) }
  const answer = await fetch(`${endpoint}/v1/logs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }),
    signal: AbortSignal.timeout(3000),
  })
  if (!answer.ok) throw new Error(`${endpoint} answers ${answer.status} to ${event}`)
}

const attributesOf = (attributes: Record<string, string | number>) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
  }))
