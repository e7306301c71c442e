import { writeSync } from 'node:fs'
import { TraceFlags } from '@opentelemetry/api'
import { writeLineMembers } from '../json/attributes'
import { fragment, JsonWriter } from '../json/writer'
import { memo } from '../labels'
import type { LogLine } from './record'

/** Receives each log line, in the name of a service. */
export type WriteLine = (line: LogLine, service: string) => void

// A reader that stands still must not take the memory of the service.
const mostWaitingBytes = 8 * 1024 * 1024

/**
 * Writes lines to a file descriptor, all of a turn of the event loop at once, and the last ones when the process exits.
 * When the reader stands still, up to 8 MiB wait; what comes beyond that is dropped, and how much is written.
 */
export function lineWriter(fd: number): WriteLine {
  const waiting = new JsonWriter()
  let dropped = 0
  let isScheduled = false
  process.on('exit', flush)

  return (line, service) => {
    if (waiting.length > mostWaitingBytes) dropped++
    else writeLine(waiting, line, service)
    if (isScheduled) return
    isScheduled = true
    setImmediate(flush)
  }

  function flush(): void {
    isScheduled = false
    if (dropped > 0) waiting.text(`{"level":"warn","message":"log lines dropped","count":${dropped}}\n`)
    dropped = 0
    const bytes = waiting.written()
    let at = 0
    try {
      while (at < bytes.length) at += writeSync(fd, bytes, at)
      waiting.clear()
    } catch (error) {
      // Full: the rest waits. Any other error means that nobody will ever read it.
      const rest = (error as { code?: string }).code === 'EAGAIN' ? bytes.slice(at) : undefined
      waiting.clear()
      if (!rest) return
      waiting.raw(rest)
      isScheduled = true
      setTimeout(flush, 10)
    }
  }
}

/** Hands lines on as text. */
export function lineTexts(write: (line: string) => void): WriteLine {
  const decoder = new TextDecoder()
  return (line, service) => {
    const out = new JsonWriter(512)
    writeLine(out, line, service)
    write(decoder.decode(out.written()))
  }
}

// A line of JSON: fixed members first, then the attributes by their own names.
function writeLine(out: JsonWriter, line: LogLine, service: string): void {
  const { timeMs, severityText, body, eventName, labels, own, spanContext } = line
  out.raw(json.timestamp)
  out.ascii(isoTime(timeMs))
  out.raw(levelAndService(severityText, service))
  out.string(String(body))
  if (spanContext) {
    out.raw(json.traceId)
    out.ascii(spanContext.traceId)
    out.raw(json.spanId)
    out.ascii(spanContext.spanId)
    out.raw(spanContext.traceFlags & TraceFlags.SAMPLED ? json.sampled : json.unsampled)
  }
  if (eventName !== undefined) {
    out.raw(json.event)
    out.string(eventName)
  }
  writeLineMembers(out, labels, own)
  out.raw(json.end)
}

const json = {
  timestamp: fragment('{"timestamp":"'),
  traceId: fragment(',"trace_id":"'),
  spanId: fragment('","span_id":"'),
  sampled: fragment('","trace_flags":1'),
  unsampled: fragment('","trace_flags":0'),
  event: fragment(',"event":'),
  end: fragment('}\n'),
}

const levelAndService = (severityText: string, service: string) => ofService(service)(severityText)
const ofService = memo((service: string) =>
  memo((severityText: string) =>
    fragment(`","level":"${severityText.toLowerCase()}","service":${JSON.stringify(service)},"message":`),
  ),
)

let shownMs = 0
let shown = ''

// Many lines come in one millisecond.
function isoTime(ms: number): string {
  if (ms === shownMs) return shown
  shownMs = ms
  shown = new Date(ms).toISOString()
  return shown
}
