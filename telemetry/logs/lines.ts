import { writeSync } from 'node:fs'
import { TraceFlags } from '@opentelemetry/api'
import { writeLineMembers } from '../json/attributes'
import { JsonWriter } from '../json/writer'
import { lineEnd } from './line-form'
import type { LogLine } from './record'

/** Receives each log line. */
export type WriteLine = (line: LogLine) => void

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

  return (line) => {
    if (waiting.length > mostWaitingBytes) dropped++
    else writeLine(waiting, line)
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
  return (line) => {
    const out = new JsonWriter(512)
    writeLine(out, line)
    write(decoder.decode(out.written()))
  }
}

function writeLine(out: JsonWriter, line: LogLine): void {
  const { kind, own, spanContext } = line
  const isTraced = spanContext !== undefined
  const form = kind.lineForm(isTraced)
  const head = out.form(form.head)
  out.asciiAt(head + form.timeAt, isoTime(line.timeMs))
  out.string(String(line.body))
  const middle = out.form(form.middle)
  if (isTraced) {
    out.asciiAt(middle + form.traceAt, spanContext.traceId)
    out.asciiAt(middle + form.spanAt, spanContext.spanId)
    out.asciiAt(middle + form.sampledAt, spanContext.traceFlags & TraceFlags.SAMPLED ? '1' : '0')
  }
  writeLineMembers(out, own)
  out.raw(lineEnd)
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
