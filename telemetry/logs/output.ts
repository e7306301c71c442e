import { writeSync } from 'node:fs'
import { withoutContext } from '../active-context'
import { JsonWriter } from '../encode/json-writer'
import { writeLogLine } from '../encode/log-line'
import { createMicroBatch } from '../micro-batch'
import type { LogRecord } from './log-record'

/** The destination of log lines. */
export interface LogOutput {
  write(record: LogRecord): void
  /** Writes all pending lines. */
  flush(): void
}

// Bounds memory while the reader of a pipe does not read.
const maxPendingBytes = 8 * 1024 * 1024
const delayMs = 10
const retryMs = 50
const maxExitDelayMs = 1000

/**
 * Writes log lines to a file descriptor, in batches of 10 ms, and the last ones when the process exits. While the reader
 * of a pipe does not read, up to 8 MiB are buffered; further lines are dropped and their number is logged.
 */
export function fileDescriptorOutput(fd: number): LogOutput {
  const pending = new JsonWriter()
  const batch = createMicroBatch(add)
  let dropped = 0
  let isScheduled = false
  process.on('exit', drainOnExit)
  if (fd === 1 || fd === 2) makeNonBlocking(fd)
  return { write, flush }

  function write(record: LogRecord): void {
    batch.add(record)
    if (!isScheduled) schedule()
  }

  function add(record: LogRecord): void {
    if (pending.length > maxPendingBytes) dropped++
    else writeLogLine(pending, record)
  }

  function schedule(inMs = delayMs): void {
    isScheduled = true
    withoutContext(() => setTimeout(flush, inMs).unref())
  }

  // Blocking is harmless during exit: a reader that resumes within a second loses nothing.
  function drainOnExit(): void {
    const endMs = performance.now() + maxExitDelayMs
    flush()
    while (pending.length > 0 && performance.now() < endMs) {
      sleep(5)
      flush()
    }
  }

  function flush(): void {
    isScheduled = false
    batch.flush()
    if (dropped > 0) {
      const timestamp = new Date().toISOString()
      pending.text(`{"timestamp":"${timestamp}","level":"warn","message":"log lines dropped","count":${dropped}}\n`)
    }
    dropped = 0
    const bytes = pending.written()
    let at = 0
    try {
      while (at < bytes.length) at += writeSync(fd, bytes, at)
      pending.clear()
    } catch (error) {
      // EAGAIN: the pipe is full, the rest is retried. After any other error no process will read the output.
      const isFull = (error as { code?: string }).code === 'EAGAIN'
      pending.shift(isFull ? at : pending.length)
      if (isFull) schedule(retryMs)
    }
  }
}

// In Bun a write to a full pipe blocks the event loop. Accessing Bun's own stream for the descriptor makes it
// non-blocking: writes fail with EAGAIN instead.
function makeNonBlocking(fd: 1 | 2): void {
  void (fd === 1 ? process.stdout : process.stderr).writable
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** Passes each log line to a function, without batching. */
export function functionOutput(write: (line: string) => void): LogOutput {
  const decoder = new TextDecoder()
  return {
    write(record) {
      const out = new JsonWriter(512)
      writeLogLine(out, record)
      if (out.length > 0) write(decoder.decode(out.written()))
    },
    flush() {},
  }
}
