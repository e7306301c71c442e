import type { PageRequest } from './visit.ts'

/** Scheme, host and port of the shop. */
export const originOf = (url: string): string => /^https?:\/\/[^/]+/.exec(url)?.[0] ?? url

/** The shop that requests go to, and the id of the load test that sends them. */
export interface RequestOrigin {
  url: string
  run?: string
}

/**
 * The headers of a request, for either engine. A load test sends its id as baggage, which the shop accepts from trusted proxies,
 * and a `traceparent`, which the shop's trace links to.
 */
export function headersOf(request: PageRequest, { url, run }: RequestOrigin): Record<string, string> {
  const origin = originOf(url)
  const isForm = typeof request.body === 'object'
  return {
    Accept: 'text/html',
    'X-Forwarded-For': request.visitor.address,
    ...(run !== undefined && {
      traceparent: `00-${hex(32)}-${hex(16)}-01`,
      baggage: `loadtest.run=${encodeURIComponent(run)}`,
    }),
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
