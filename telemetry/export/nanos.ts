import type { HrTime } from '@opentelemetry/api'

/** Milliseconds since the epoch, with fractions, as OTLP's text of nanoseconds. */
export function nanosOfMs(ms: number): string {
  const whole = Math.trunc(ms)
  const nanos = Math.round((ms - whole) * 1e6)
  if (nanos === 1e6) return `${whole + 1}000000`
  return nanos < 100_000 ? `${whole}${String(nanos).padStart(6, '0')}` : `${whole}${nanos}`
}

/** The SDK's pair of seconds and nanoseconds as OTLP's text of nanoseconds. */
export const nanosOf = ([seconds, nanos]: HrTime): string =>
  (BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanos))).toString()
