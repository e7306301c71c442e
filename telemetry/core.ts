import type { CoreLogger } from './logs/logger'
import type { InstrumentMeter } from './metrics/instruments'
import type { StartSpan } from './traces/tracer'

/** What server, client and database instrumentation share. */
export interface Core {
  startSpan: StartSpan
  meter: InstrumentMeter
  log: CoreLogger
  /** Keys of baggage entries that are recorded on a request's span and wide event. */
  baggageAttributes: readonly string[]
}
