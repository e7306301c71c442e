import type { Database } from 'bun:sqlite'
import type { LogRecord, Span } from '../receive/telemetry-types'
import type { Attributes } from '../receive/values'
import { errorTypeOf, isClient, isServer, peerOf, routeOf } from './semantic-conventions'
import { firstInAppFrame } from './stack-trace'

interface ErrorOccurrence {
  service: string
  type: string
  frame: string
  message: string
  stack: string
  atUs: number
  traceId: string
  spanId: string
}

/**
 * Groups errors by service, type and frame. The frame is the first one in the application's code; without a stack trace, it is
 * the route of a server span or the peer of a client span.
 */
export function createErrorGroups(db: Database) {
  const save =
    db.prepare(`INSERT INTO error_groups (service, type, frame, message, stack, first_us, last_us, count, trace_id, span_id)
    VALUES ($service, $type, $frame, $message, $stack, $atUs, $atUs, 1, $traceId, $spanId)
    ON CONFLICT (service, type, frame) DO UPDATE SET count = count + 1, message = excluded.message, stack = excluded.stack,
    last_us = max(last_us, excluded.last_us), first_us = min(first_us, excluded.first_us),
    trace_id = excluded.trace_id, span_id = excluded.span_id`)
  const findWithStack = db.prepare("SELECT 1 FROM error_groups WHERE service = ? AND type = ? AND stack <> ''")
  const deleteWithoutStack = db.prepare("DELETE FROM error_groups WHERE service = ? AND type = ? AND stack = ''")
  return { addSpan, addLog }

  function addSpan(service: string, span: Span): void {
    const { traceId, spanId } = span
    const exceptions = span.events.filter(({ name }) => name === 'exception')
    for (const { attributes, timeUs } of exceptions) addException(service, attributes, timeUs, traceId, spanId)
    if (exceptions.length > 0) return
    const type = errorTypeOf(span) || 'error'
    // The log record of the exception has more detail.
    if (findWithStack.get(service, type)) return
    if (!isServer(span) && !isClient(span)) return
    const frame = isServer(span) ? routeOf(span) : `→ ${peerOf(span) || span.name}`
    const message = span.statusMessage
    add({ service, type, frame, message, stack: '', atUs: span.startUs + span.durationUs, traceId, spanId })
  }

  function addLog(service: string, { attributes, timeUs, traceId, spanId }: LogRecord): void {
    if (attributes['exception.type'] ?? attributes['exception.message']) {
      addException(service, attributes, timeUs, traceId, spanId)
    }
  }

  function addException(service: string, attributes: Attributes, atUs: number, traceId: string, spanId: string): void {
    const stack = String(attributes['exception.stacktrace'] ?? '')
    const type = String(attributes['exception.type'] ?? 'error')
    const message = String(attributes['exception.message'] ?? '')
    deleteWithoutStack.run(service, type)
    add({ service, type, frame: firstInAppFrame(stack), message, stack: stack || message, atUs, traceId, spanId })
  }

  function add({ service, type, frame, message, stack, atUs, traceId, spanId }: ErrorOccurrence): void {
    save.run({
      $service: service,
      $type: type.slice(0, 200),
      $frame: frame.slice(0, 300),
      $message: message.slice(0, 1000),
      $stack: stack.slice(0, 10_000),
      $atUs: atUs,
      $traceId: traceId,
      $spanId: spanId,
    } as never)
  }
}

export type ErrorGroups = ReturnType<typeof createErrorGroups>
