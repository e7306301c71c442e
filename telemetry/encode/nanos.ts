import type { HrTime } from '@opentelemetry/api'
import { nanosWidth } from './json-writer'

/** The SDK's pair of seconds and nanoseconds as OTLP's digits of nanoseconds. */
export const nanosOf = ([seconds, nanos]: HrTime): string =>
  String(BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanos))).padStart(nanosWidth, '0')
