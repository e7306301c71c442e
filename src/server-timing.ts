import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context, MiddlewareHandler } from 'hono'

/** Duration and SQL statements of a request so far, including the services that it called. */
export interface RequestTiming {
  durationMs: number
  queries: number
  /** The console's page of the trace; `undefined` without a console. */
  traceUrl: string | undefined
}

export interface ServerTimingOptions {
  /** Base URL of the console. */
  consoleUrl?: string | undefined
}

/** The options in development; `undefined` in other environments, which turns the middleware off. */
export function serverTimingOptions(environmentName: string, consoleUrl?: string): ServerTimingOptions | undefined {
  return environmentName === 'development' ? { consoleUrl } : undefined
}

interface RequestCounts {
  startMs: number
  queries: number
  traceUrl: string | undefined
}

const storage = new AsyncLocalStorage<RequestCounts>()
const header = 'Server-Timing'

/** Counts an SQL statement of the current request. Does nothing without the middleware. */
export function countQuery(): void {
  const counts = storage.getStore()
  if (counts) counts.queries++
}

/** Adds the statements that another service reports in the `Server-Timing` of its response. */
export function addServerTimingOf(response: Response): void {
  const counts = storage.getStore()
  if (!counts) return
  counts.queries += Number(/\bsql;desc="(\d+)"/.exec(response.headers.get(header) ?? '')?.[1] ?? 0)
}

/** The timing of the current request; `undefined` outside development. */
export function currentTiming(): RequestTiming | undefined {
  const counts = storage.getStore()
  if (!counts) return undefined
  const { startMs, queries, traceUrl } = counts
  return { durationMs: performance.now() - startMs, queries, traceUrl }
}

/**
 * For development: `Server-Timing` in each response, with its duration and its SQL statements in all services. Production
 * leaves it out because it would reveal how the shop is built.
 */
export function serverTiming(
  traceId: () => string | undefined,
  { consoleUrl }: ServerTimingOptions,
): MiddlewareHandler {
  return async function serverTiming(c, next) {
    const traceUrl = consoleUrl && `${consoleUrl}/traces/${traceId()}`
    const counts = { startMs: performance.now(), queries: 0, traceUrl }
    await storage.run(counts, next)
    setHeader(c, counts)
  }
}

function setHeader(c: Context, { startMs, queries }: RequestCounts): void {
  const durationMs = (performance.now() - startMs).toFixed(1)
  c.header(header, `total;dur=${durationMs}, sql;desc="${queries}"`, { append: true })
}
