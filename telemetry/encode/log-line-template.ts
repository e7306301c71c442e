import type { LogRecordKind } from '../logs/log-record-kind'
import type { SharedAttributes } from '../shared-attributes'
import { fragment } from './json-writer'
import { createTemplate } from './template'

/** What lines of a kind have in common on standard output: all but the time, the message, the ids and own attributes. */
export interface LogLineTemplate {
  /** To the message. */
  head: Uint8Array
  timeAt: number
  /** From the message to the attributes, with those that are shared. */
  middle: Uint8Array
  /** -1 without a trace. */
  traceAt: number
  spanAt: number
  sampledAt: number
}

/** A line of JSON: fixed members first, then the attributes by their own names. */
export function createLogLineTemplate(
  { level, service, eventName }: LogRecordKind,
  labels: SharedAttributes,
  isTraced: boolean,
): LogLineTemplate {
  const head = createTemplate(
    '{"timestamp":"',
    isoWidth,
    `","level":"${level}","service":${JSON.stringify(service)},"message":`,
  )
  const ids = isTraced ? [',"trace_id":"', 32, '","span_id":"', 16, '","trace_flags":', 1] : []
  const event = eventName === undefined ? '' : `,"event":${JSON.stringify(eventName)}`
  const middle = createTemplate(...ids, event, labels.jsonMembers)
  const [timeAt = 0] = head.slots
  const [traceAt = -1, spanAt = -1, sampledAt = -1] = middle.slots
  return { head: head.bytes, timeAt, middle: middle.bytes, traceAt, spanAt, sampledAt }
}

/** Characters of `2026-11-24T15:25:45.123Z`. */
const isoWidth = 24

export const lineEnd = fragment('}\n')
