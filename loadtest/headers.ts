import type { Settings } from './shapes.ts'
import type { PageRequest } from './visit.ts'

/** Scheme, host and port of the shop. */
export const originOf = (url: string): string => /^https?:\/\/[^/]+/.exec(url)?.[0] ?? url

/**
 * The headers of a request, by either engine. The run's id goes along as baggage, which the shop takes from trusted proxies,
 * and a `traceparent`, to which its trace links.
 */
export function headersOf(request: PageRequest, { url, run }: Settings): Record<string, string> {
  const origin = originOf(url)
  const isForm = typeof request.body === 'object'
  return {
    Accept: 'text/html',
    'X-Forwarded-For': request.visitor.address,
    traceparent: `00-${hex(32)}-${hex(16)}-01`,
    baggage: `loadtest.run=${encodeURIComponent(run)}`,
    ...(isForm && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    ...(request.method !== 'GET' && { Origin: origin, Referer: origin + request.referer }),
    ...request.headers,
  }
}

function hex(length: number): string {
  let digits = ''
  while (digits.length < length) digits += (1 + Math.floor(Math.random() * 0xfffffff)).toString(16).padStart(8, '0')
  return digits.slice(0, length)
}
