import type { CaseResponse } from './expect'

/** A sentence of public documentation and the page where it was read. */
export interface Citation {
  page: string
  sentence: string
}

/**
 * One behavior of a server with Loki's API. In texts, `$service` is replaced by the case's own service, and `$t(1.5)`,
 * `$s(1.5)`, `$rfc(1.5)` by a time 1.5 s after the case's start, in nanoseconds, in seconds and in RFC 3339.
 */
export interface Case {
  name: string
  citation: Citation | undefined
  /** The page that documents it from memory; the sentence could not be read again. */
  fromMemory?: string
  /** Not run against Loki: this server refuses a query that Loki supports. */
  only?: 'log-server'
  logs?: Line[]
  request: Request
  expect: (received: CaseResponse) => void
}

/** A log record. `record` has further fields in OTLP/JSON. */
export interface Line {
  /** Seconds after the case's start; a string when nanoseconds matter. */
  at: number | string
  body?: unknown
  attributes?: Record<string, unknown>
  /** Attributes of its resource. `service.name` is the case's service by default; `undefined` removes it. */
  resource?: Record<string, unknown>
  scope?: { name?: string; version?: string; attributes?: Record<string, unknown> }
  record?: Record<string, unknown>
}

export interface Request {
  method?: 'GET' | 'POST'
  path: string
  parameters?: Record<string, string>
  headers?: Record<string, string>
  body?: string
}

export const line = (at: number | string, body: unknown, more: Omit<Line, 'at' | 'body'> = {}): Line => ({
  at,
  body,
  ...more,
})

/** A range query over the case's minute. */
export function range(
  query: string,
  parameters: Record<string, string> = {},
  headers: Record<string, string> = {},
): Request {
  return {
    path: '/loki/api/v1/query_range',
    parameters: { query, start: '$t(0)', end: '$t(60)', ...parameters },
    headers,
  }
}

/** An instant query at the end of the case's minute. */
export function instant(query: string, parameters: Record<string, string> = {}): Request {
  return { path: '/loki/api/v1/query', parameters: { query, time: '$t(60)', ...parameters } }
}

export const get = (path: string, parameters: Record<string, string> = {}): Request => ({ path, parameters })
