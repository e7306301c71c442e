import type { Meter, Tracer } from '@opentelemetry/api'
import type { Logger } from './logger'

/** What the instrumented parts (server, client, database) share. */
export interface Core {
  tracer: Tracer
  meter: Meter
  log: Logger
}
