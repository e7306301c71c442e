import type { Labels } from '../../logql/labels'
import type { Mapping } from '../../loki-api/mapping'

/** A log record as the log server stores it. */
export interface DecodedLine {
  /** Nanoseconds since 1970. */
  timeNs: bigint
  /** Index labels; one object for all lines of a resource in a request. */
  labels: Labels
  line: string
  /** Structured metadata: names and values in turn. Where a name occurs more than once, the last value counts. */
  metadata: string[]
  /** The same for resource and scope; `metadata` has precedence. One list for all lines of a scope in a request. */
  sharedMetadata: string[]
}

export interface DecodeOptions {
  mapping: Mapping
  /** The time of records that have none. */
  receivedNs: bigint
}
