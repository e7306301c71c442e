import { writeSync } from 'node:fs'
import { TraceFlags } from '@opentelemetry/api'
import { quote } from '../json'
import { lineMembersOf } from '../labels'
import type { Line } from './record'

/** A line of JSON, as standard output gets it: fixed members first, then the attributes by their own names. */
export function lineText({ timeMs, severityText, body, eventName, labels, own, spanContext }: Line, service: string): string {
  const attributes = lineMembersOf(labels, own)
  return `{"timestamp":"${isoTime(timeMs)}","level":"${severityText.toLowerCase()}","service":${quote(service)},"message":${quote(body)}${
    spanContext
      ? `,"trace_id":"${spanContext.traceId}","span_id":"${spanContext.spanId}","trace_flags":${spanContext.traceFlags & TraceFlags.SAMPLED}`
      : ''
  }${eventName === undefined ? '' : `,"event":${quote(eventName)}`}${attributes === '' ? '' : `,${attributes}`}}\n`
}

let shownMs = 0
let shown = ''

// Many lines come in one millisecond.
function isoTime(ms: number): string {
  if (ms === shownMs) return shown
  shownMs = ms
  shown = new Date(ms).toISOString()
  return shown
}

// A reader that stands still must not take the memory of the service.
const mostWaiting = 8 * 1024 * 1024

/**
 * Writes lines to a file descriptor, all of a turn of the event loop at once, and the last ones when the process exits.
 * When the reader stands still, lines wait, up to 8 Mi characters; beyond that they are dropped, and how many is written.
 */
export function lineWriter(fd = 1) {
  let waiting = ''
  let dropped = 0
  let isScheduled = false
  process.on('exit', flush)
  return { write, flush }

  function write(line: string): void {
    if (waiting.length > mostWaiting) dropped++
    else waiting += line
    if (isScheduled) return
    isScheduled = true
    setImmediate(flush)
  }

  function flush(): void {
    isScheduled = false
    if (waiting === '') return
    const bytes = Buffer.from(dropped > 0 ? `${waiting}{"level":"warn","message":"log lines dropped","count":${dropped}}\n` : waiting)
    dropped = 0
    waiting = ''
    let at = 0
    try {
      while (at < bytes.length) at += writeSync(fd, bytes, at)
    } catch (error) {
      // Full: the rest waits. Any other error means that nobody will ever read it.
      if ((error as { code?: string }).code !== 'EAGAIN') return
      waiting = bytes.toString('utf8', at)
      isScheduled = true
      setTimeout(flush, 10)
    }
  }
}
