import { lineOf, pairsOf, recordMetadata, resourceLabels } from '../../loki-api/mapping'
import { assertItemCount, decodeBody, type UncompressedBody } from '../../receive/body'
import { readLogs } from '../../receive/logs'
import type { DecodedLine, DecodeOptions } from './decoded-line'
import { readProtobuf } from './protobuf'

/** The lines of an ExportLogsServiceRequest. @throws HttpError */
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
