import type { Labels } from '../../logql/labels'
import { lineOf, type Mapping, pairsOf, recordMetadata, resourceLabels } from '../../loki-api/mapping'
import { assertItemCount, decodeBody, type UncompressedBody } from '../../receive/body'
import { readLogs } from '../../receive/logs'
import { readProtobuf } from './protobuf'

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

/** The lines of an ExportLogsServiceRequest. @throws Refused, Malformed */
export function decodeLogs(body: UncompressedBody, options: DecodeOptions): DecodedLine[] {
  return body.isJson ? readJson(body, options) : readProtobuf(body.bytes, options)
}

function readJson(body: UncompressedBody, { mapping, receivedNs }: DecodeOptions): DecodedLine[] {
  const request = decodeBody(body, 'ExportLogsServiceRequest')
  const { groups } = readLogs(request, Number(receivedNs / 1000n))
  assertItemCount(groups.reduce((sum, { items }) => sum + items.length, 0))
  return groups.flatMap(({ resource, items }) => {
    const { stream: labels, metadata } = resourceLabels(resource, mapping)
    const sharedMetadata = pairsOf(metadata)
    return items.map((record) => ({
      timeNs: record.timeNs,
      labels,
      line: lineOf(record.body),
      metadata: pairsOf(recordMetadata(record, labels)),
      sharedMetadata,
    }))
  })
}
