import type { CoreLogger } from './logs/logger'
import type { InstrumentMeter } from './metrics/instruments'
import type { StartSpan } from './traces/tracer'

/** What the instrumented parts (server, client, database) share. */
export interface Core {
  startSpan: StartSpan
  meter: InstrumentMeter
  log: CoreLogger
  /** Entries of baggage that a request's span and log line show. */
  baggageAttributes: readonly string[]
}
