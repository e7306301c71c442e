import { randomFillSync } from 'node:crypto'

// Asking the system for randomness costs a microsecond; asking once for hundreds of ids, next to nothing.
const pool = Buffer.alloc(6 * 1024)
let hex = ''
let at = 0

/** A W3C trace id: 32 hexadecimal digits, random. */
export const newTraceId = (): string => take(32)
/** A W3C parent id: 16 hexadecimal digits, random. */
export const newSpanId = (): string => take(16)

function take(digits: number): string {
  if (at + digits > hex.length) {
    hex = randomFillSync(pool).toString('hex')
    at = 0
  }
  at += digits
  return hex.slice(at - digits, at)
}
