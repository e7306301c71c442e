import { timingSafeEqual } from 'node:crypto'

/** Only calls between services carry this header. */
export const serviceKeyHeader = 'X-Service-Key'

/** Returns a check whether a request comes from another service. The comparison takes constant time. */
export function serviceKeyCheck(serviceKey: string): (request: Request) => boolean {
  const expected = Buffer.from(serviceKey)
  return (request) => {
    const header = request.headers.get(serviceKeyHeader)
    if (header === null) return false
    const bytes = Buffer.from(header)
    return bytes.length === expected.length && timingSafeEqual(bytes, expected)
  }
}
