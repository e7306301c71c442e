import { writeSync } from 'node:fs'
import { TraceFlags } from '@opentelemetry/api'
import { withoutContext } from '../active-context'
import { reportFailure } from '../diagnostics'
import { writeJsonMembers } from '../encode/attributes'
import { JsonWriter } from '../encode/json-writer'
import { lineEnd } from '../encode/log-line-template'
import { createMicroBatch } from '../micro-batch'
import type { LogRecord } from './log-record'

/** Where log lines go. */
export interface LogOutput {
  write(line: LogRecord): void
  /** Writes what waits. */
  flush(): void
}

// A reader that stands still must not take the memory of the service.
const mostWaitingBytes = 8 * 1024 * 1024
const delayMs = 10
const retryMs = 50
const lastWordsMs = 1000

/**
 * Writes lines to a file descriptor, those of 10 ms at once, and the last ones when the process exits. When the reader
 * stands still, up to 8 MiB wait; what comes beyond that is dropped, and how much is written.
 */
export function fileDescriptorOutput(fd: number): LogOutput {
  const waiting = new JsonWriter()
  const groups = createMicroBatch(add)
  let dropped = 0
  let isScheduled = false
  process.on('exit', finish)
  if (fd === 1 || fd === 2) dontWait(fd)
  return { write, flush }

  function write(line: LogRecord): void {
    groups.add(line)
    if (!isScheduled) schedule()
  }

  function add(line: LogRecord): void {
    if (waiting.length > mostWaitingBytes) dropped++
    else writeLine(waiting, line)
  }

  function schedule(inMs = delayMs): void {
    isScheduled = true
    withoutContext(() => setTimeout(flush, inMs).unref())
  }

  // Now there is nobody else to keep waiting; a reader that comes within a second loses nothing.
  function finish(): void {
    const endMs = performance.now() + lastWordsMs
    flush()
    while (waiting.length > 0 && performance.now() < endMs) {
      sleep(5)
      flush()
    }
  }

  function flush(): void {
    isScheduled = false
    groups.flush()
    if (dropped > 0) waiting.text(`{"level":"warn","message":"log lines dropped","count":${dropped}}\n`)
    dropped = 0
    const bytes = waiting.written()
    let at = 0
    try {
      while (at < bytes.length) at += writeSync(fd, bytes, at)
      waiting.clear()
    } catch (error) {
      // Full: the rest waits. Any other error means that nobody will ever read it.
      const isFull = (error as { code?: string }).code === 'EAGAIN'
      waiting.shift(isFull ? at : waiting.length)
      if (isFull) schedule(retryMs)
    }
  }
}

// Bun leaves a pipe as it was given, and a write to it then waits for the reader, with all requests. Its own stream for
// the descriptor, once asked for, has writes say EAGAIN instead.
function dontWait(fd: 1 | 2): void {
  void (fd === 1 ? process.stdout : process.stderr).writable
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** Hands lines on as text, at once. */
export function functionOutput(write: (line: string) => void): LogOutput {
  const decoder = new TextDecoder()
  return {
    write(line) {
      const out = new JsonWriter(512)
      writeLine(out, line)
      if (out.length > 0) write(decoder.decode(out.written()))
    },
    flush() {},
  }
}

function writeLine(out: JsonWriter, line: LogRecord): void {
  const before = out.length
  try {
    writeAll(out, line)
  } catch (error) {
    out.clear(before)
    reportFailure('writing a log line', error)
  }
}

function writeAll(out: JsonWriter, line: LogRecord): void {
  const { kind, ownAttributes, spanContext } = line
  const isTraced = spanContext !== undefined
  const form = kind.lineTemplate(isTraced)
  const head = out.template(form.head)
  out.asciiAt(head + form.timeAt, isoTime(line.timeMs))
  out.string(String(line.body))
  const middle = out.template(form.middle)
  if (isTraced) {
    out.asciiAt(middle + form.traceAt, spanContext.traceId)
    out.asciiAt(middle + form.spanAt, spanContext.spanId)
    out.asciiAt(middle + form.sampledAt, spanContext.traceFlags & TraceFlags.SAMPLED ? '1' : '0')
  }
  writeJsonMembers(out, ownAttributes)
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
