import type { Database } from 'bun:sqlite'
import type { LogRecord, Span } from '../receive/telemetry-types'
import type { Attributes } from '../receive/values'
import { errorTypeOf, isServer, peerOf, routeOf } from './semantic-conventions'
import { firstInAppFrame } from './stack-trace'

interface Fault {
  service: string
  type: string
  frame: string
  message: string
  stack: string
  atUs: number
  traceId: string
  spanId: string
}

/** Errors, grouped by service, type and place: the first own frame where there is a stack, else the route or the one called. */
export function createErrorGroups(db: Database) {
  const save =
    db.prepare(`INSERT INTO faults (service, type, frame, message, stack, first_us, last_us, count, trace_id, span_id)
    VALUES ($service, $type, $frame, $message, $stack, $atUs, $atUs, 1, $traceId, $spanId)
    ON CONFLICT (service, type, frame) DO UPDATE SET count = count + 1, message = excluded.message, stack = excluded.stack,
    last_us = max(last_us, excluded.last_us), first_us = min(first_us, excluded.first_us),
    trace_id = excluded.trace_id, span_id = excluded.span_id`)
  const hasStack = db.prepare("SELECT 1 FROM faults WHERE service = ? AND type = ? AND stack <> ''")
  const dropBare = db.prepare("DELETE FROM faults WHERE service = ? AND type = ? AND stack = ''")
  return { ofSpan, ofLog }

  function ofSpan(service: string, span: Span): void {
    const { traceId, spanId } = span
    const exceptions = span.events.filter(({ name }) => name === 'exception')
    for (const { attributes, timeUs } of exceptions) exception(service, attributes, timeUs, traceId, spanId)
    if (exceptions.length > 0) return
    const type = errorTypeOf(span) || 'error'
    // Told better by the exception's own record.
    if (hasStack.get(service, type)) return
    const isOutside = isServer(span) || span.kind === 3
    if (!isOutside) return
    const frame = isServer(span) ? routeOf(span) : `→ ${peerOf(span) || span.name}`
    const message = span.statusMessage
    put({ service, type, frame, message, stack: '', atUs: span.startUs + span.durationUs, traceId, spanId })
  }

  function ofLog(service: string, { attributes, timeUs, traceId, spanId }: LogRecord): void {
    if (attributes['exception.type'] ?? attributes['exception.message']) {
      exception(service, attributes, timeUs, traceId, spanId)
    }
  }

  function exception(service: string, attributes: Attributes, atUs: number, traceId: string, spanId: string): void {
    const stack = String(attributes['exception.stacktrace'] ?? '')
    const type = String(attributes['exception.type'] ?? 'error')
    const message = String(attributes['exception.message'] ?? '')
    dropBare.run(service, type)
    put({ service, type, frame: firstInAppFrame(stack), message, stack: stack || message, atUs, traceId, spanId })
  }

  function put({ service, type, frame, message, stack, atUs, traceId, spanId }: Fault): void {
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
