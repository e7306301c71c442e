import type { DecodedLine } from './decode/decoded-line'

// Loki's defaults: max_line_size, max_structured_metadata_entries_count, max_structured_metadata_size, max_global_streams_per_user.
const maxLineBytes = 256 * 1024
const maxMetadataNames = 128
const maxMetadataBytes = 64 * 1024
export const maxStreams = 5000

/**
 * Why a line is too large to be stored; `undefined` for any other line.
 * @see https://grafana.com/docs/loki/latest/configure/#limits_config
 */
export function limitViolation({ line, metadata, sharedMetadata }: DecodedLine): string | undefined {
  // A UTF-16 unit is at most 3 bytes in UTF-8.
  if (line.length * 3 > maxLineBytes && Buffer.byteLength(line) > maxLineBytes) {
    return `a line has more than ${maxLineBytes / 1024} KB`
  }
  const names = (metadata.length + sharedMetadata.length) / 2
  if (names > maxMetadataNames) return `a line has ${names} attributes, and ${maxMetadataNames} is the limit`
  const length = lengthOf(metadata) + lengthOf(sharedMetadata)
  if (length > maxMetadataBytes) return `the attributes of a line have more than ${maxMetadataBytes / 1024} KB`
  return undefined
}

function lengthOf(texts: string[]): number {
  let length = 0
  for (const text of texts) length += text.length
  return length
}
