import { ProtobufReader } from './protobuf-reader'

/**
 * The spans, metrics or log records of an export request in protobuf, without decoding them: resources, scopes and items have
 * the field numbers 1, 2 and 2 in all three.
 * @throws Refused
 */
export function countItems(bytes: Uint8Array): number {
  const reader = new ProtobufReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return count([1, 2, 2])

  function count([field, ...inner]: number[]): number {
    let items = 0
    while (reader.next()) {
      if (reader.field !== field || inner.length === 0) {
        if (reader.field === field) items++
        reader.skip()
        continue
      }
      const outer = reader.enter()
      items += count(inner)
      reader.leave(outer)
    }
    return items
  }
}
