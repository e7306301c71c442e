import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context, MiddlewareHandler } from 'hono'

/** What a request has cost so far, here and in the services that it asked. */
export interface RequestTiming {
  durationMs: number
  queries: number
  /** Where its trace is shown; nothing where nobody shows it. */
  traceUrl: string | undefined
}

/** What development shows of requests, and where. */
export interface ServerTimingOptions {
  /** The address of the console. */
  consoleUrl?: string | undefined
}

/** What is shown where, by the environment's name: in development only. */
export function serverTimingOptions(environmentName: string, consoleUrl?: string): ServerTimingOptions | undefined {
  return environmentName === 'development' ? { consoleUrl } : undefined
}

interface Counted {
  startMs: number
  queries: number
  traceUrl: string | undefined
}

const storage = new AsyncLocalStorage<Counted>()
const header = 'Server-Timing'

/** Counts a statement for the request that made it; nothing where nobody looks. */
export function countQuery(): void {
  const counted = storage.getStore()
  if (counted) counted.queries++
}

/** Adds what an answer of another service says that it has cost. */
export function addServerTimingOf(answer: Response): void {
  const counted = storage.getStore()
  if (!counted) return
  counted.queries += Number(/\bsql;desc="(\d+)"/.exec(answer.headers.get(header) ?? '')?.[1] ?? 0)
}

/** The costs of the current request; nothing outside of development. */
export function currentTiming(): RequestTiming | undefined {
  const counted = storage.getStore()
  if (!counted) return undefined
  const { startMs, queries, traceUrl } = counted
  return { durationMs: performance.now() - startMs, queries, traceUrl }
}

/**
 * For development: each answer says in `Server-Timing` how long it took and how many SQL statements it made, here and in
 * the services that it asked. In production it would tell strangers how a shop is built.
 */
export function serverTiming(
  traceId: () => string | undefined,
  { consoleUrl }: ServerTimingOptions,
): MiddlewareHandler {
  return async function showCosts(c, next) {
    const traceUrl = consoleUrl && `${consoleUrl}/traces/${traceId()}`
    const counted = { startMs: performance.now(), queries: 0, traceUrl }
    await storage.run(counted, next)
    say(c, counted)
  }
}

function say(c: Context, { startMs, queries }: Counted): void {
  const durationMs = (performance.now() - startMs).toFixed(1)
  c.header(header, `total;dur=${durationMs}, sql;desc="${queries}"`, { append: true })
}
