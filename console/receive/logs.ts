import { inside } from './malformed'
import { collect } from './scopes'
import type { LogRecord, Received } from './signals'
import { anyValue, attributesOf, idOf, integerOf, nanosecondsOf, textOf } from './values'

/**
 * The records of an ExportLogsServiceRequest; one without any time gets `nowUs`.
 * @throws Malformed
 */
export function readLogs(request: object, nowUs: number): Received<LogRecord> {
  return collect<LogRecord>(request, ['resourceLogs', 'scopeLogs', 'logRecords'], (raw, scope, add) => {
    const observedNs = nanosecondsOf(raw, 'observedTimeUnixNano')
    const timeNs = nanosecondsOf(raw, 'timeUnixNano') || observedNs || BigInt(nowUs) * 1000n
    add({
      timeNs,
      timeUs: Number(timeNs / 1000n),
      observedNs,
      severity: integerOf(raw, 'severityNumber') ?? 0,
      severityText: textOf(raw, 'severityText'),
      flags: integerOf(raw, 'flags') ?? 0,
      eventName: textOf(raw, 'eventName'),
      body: inside(raw, 'body', (body) => anyValue(body)) ?? null,
      attributes: attributesOf(raw),
      traceId: idOf(raw, 'traceId', 16),
      spanId: idOf(raw, 'spanId', 8),
      scope,
    })
  })
}
