import { readGroups } from './read-groups'
import type { DecodedRequest, LogRecord } from './telemetry-types'
import { anyValue, attributesOf, idOf, integerOf, nanosecondsOf, readObject, stringOf } from './values'

/**
 * Reads the log records of an ExportLogsServiceRequest. A record without any time gets `nowUs`.
 * @throws MalformedError
 */
export function readLogs(request: object, nowUs: number): DecodedRequest<LogRecord> {
  return readGroups<LogRecord>(request, ['resourceLogs', 'scopeLogs', 'logRecords'], (raw, scope, add) => {
    const observedNs = nanosecondsOf(raw, 'observedTimeUnixNano')
    const timeNs = nanosecondsOf(raw, 'timeUnixNano') || observedNs || BigInt(nowUs) * 1000n
    add({
      timeNs,
      timeUs: Number(timeNs / 1000n),
      observedNs,
      severity: integerOf(raw, 'severityNumber') ?? 0,
      severityText: stringOf(raw, 'severityText'),
      flags: integerOf(raw, 'flags') ?? 0,
      eventName: stringOf(raw, 'eventName'),
      body: readObject(raw, 'body', (body) => anyValue(body)) ?? null,
      attributes: attributesOf(raw),
      traceId: idOf(raw, 'traceId', 16),
      spanId: idOf(raw, 'spanId', 8),
      scope,
    })
  })
}
