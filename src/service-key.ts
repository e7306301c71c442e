import { timingSafeEqual } from 'node:crypto'

/** The headers that only calls between services carry. */
export const serviceKeyHeader = 'X-Service-Key'
export const timeoutHeader = 'X-Timeout-Ms'

/** Says whether a request comes from another service of ours; takes the same time for any wrong key. */
export function serviceKeyCheck(serviceKey: string): (request: Request) => boolean {
  const wanted = Buffer.from(serviceKey)
  return (request) => {
    const given = request.headers.get(serviceKeyHeader)
    if (given === null) return false
    const bytes = Buffer.from(given)
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
  }
}
