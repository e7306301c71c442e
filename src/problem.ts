import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { isStorageFull } from './database/storage-full'
import { isDatabaseUnavailable } from './database/unavailable'

/** An expected outcome other than success. The service's `Refusals` map its code to an HTTP status. */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    /** Sent in the response when its status is 4xx: never put a secret here. */
    readonly details: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(code, options)
    this.name = 'DomainError'
  }
}

/** For each code: its HTTP status and a sentence for people. */
export type Refusals = Record<string, readonly [status: ContentfulStatusCode, title: string]>

/** The refusals of every service. */
export const commonRefusals = {
  INVALID_REQUEST: [400, 'The request is not valid'],
  MALFORMED_JSON: [400, 'The body is not well-formed JSON'],
  UNAUTHENTICATED: [401, 'A valid token is required'],
  FORBIDDEN: [403, 'This is not allowed'],
  NOT_FOUND: [404, 'There is nothing here'],
  METHOD_NOT_ALLOWED: [405, 'This method is not allowed here'],
  BODY_TOO_LARGE: [413, 'The body is too large'],
  BODY_TIMEOUT: [408, 'The body did not arrive in time'],
  TOO_MANY_CONCURRENT_REQUESTS: [429, 'Too many requests of this client are active at the same time'],
  TOO_MANY_REQUESTS: [429, 'There were too many attempts: wait before the next one'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'The body must be JSON, with content-type application/json'],
  INTERNAL: [500, 'Something went wrong here'],
  UNAVAILABLE: [503, 'A part of the shop is not available now'],
  DATABASE_UNAVAILABLE: [503, 'A part of the shop is not available now'],
  STORAGE_FULL: [503, 'The shop cannot store anything now, but reading goes on'],
  OVERLOADED: [503, 'The service has too many requests at the moment'],
} as const satisfies Refusals

/** The `Retry-After` of a 503, in seconds. For a shed request, `load-shedding.ts` replaces it with 5 to 7 s. */
export const retryAfterS = 5

export interface Problem {
  type: string
  title: string
  status: ContentfulStatusCode
  detail: string
  code: string
  traceId: string
  [extension: string]: unknown
}

/**
 * Turns any thrown value into a problem (RFC 9457). A DomainError with a declared code keeps its code and details, a
 * database that is unavailable is `DATABASE_UNAVAILABLE`, one whose disk is full (here or at a peer) is `STORAGE_FULL`, and
 * the rest is `INTERNAL`. Error messages are never included.
 */
export function toProblem(error: unknown, refusals: Refusals, traceId: string): Problem {
  const { code, details: all } = describe(error, refusals)
  const [status, title] = refusals[code] ?? commonRefusals.INTERNAL
  // Details of a failure (5xx) are for the log only.
  const details = status >= 500 ? {} : all
  const detail = typeof details.detail === 'string' ? details.detail : title
  const type = `urn:problem:${code.toLowerCase().replaceAll('_', '-')}`
  return { ...details, type, title, status, detail, code, traceId }
}

function describe(error: unknown, refusals: Refusals): { code: string; details: Record<string, unknown> } {
  if (error instanceof DomainError && refusals[error.code] && !isStorageFullOfPeer(error)) return error
  if (error instanceof HTTPException) {
    const code = Object.keys(commonRefusals).find((key) => refusals[key]?.[0] === error.status)
    if (code) return { code, details: {} }
  }
  if (isStorageFull(error) || isStorageFullOfPeer(error)) return { code: 'STORAGE_FULL', details: {} }
  if (isDatabaseUnavailable(error)) return { code: 'DATABASE_UNAVAILABLE', details: {} }
  return { code: 'INTERNAL', details: {} }
}

// Verbs handle one code for a peer that fails, `UNAVAILABLE`. The client gets the cause.
const isStorageFullOfPeer = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'UNAVAILABLE' && error.details.peerCode === 'STORAGE_FULL'

/** The response for a problem, `application/problem+json`: 503 and 429 with `Retry-After`, 401 with `WWW-Authenticate`, 405 with `Allow`. */
export function problemResponse(c: Context, problem: Problem): Response {
  if (problem.status === 503) c.header('Retry-After', String(retryAfterS))
  if (typeof problem.retry_after_s === 'number') c.header('Retry-After', String(problem.retry_after_s))
  if (problem.status === 401) c.header('WWW-Authenticate', 'Bearer')
  if (Array.isArray(problem.allow)) c.header('Allow', problem.allow.join(', '))
  return c.body(JSON.stringify(problem), problem.status, { 'Content-Type': 'application/problem+json' })
}
