import { AsyncLocalStorage } from 'node:async_hooks'
import type { Attributes, Span } from '@opentelemetry/api'
import type { Baggage } from './traces/baggage'

/** What is under way in this asynchronous call chain: the innermost span, and the request around it. */
export interface Scope {
  readonly span: Span
  /** Attributes of the request's one log line; absent outside a request. */
  readonly event: Attributes | undefined
  /** The request that is being answered; absent outside of one. */
  readonly request: Request | undefined
  /** Travels on with every call. */
  readonly baggage: Baggage | undefined
}

const storage = new AsyncLocalStorage<Scope>()

export const currentScope = (): Scope | undefined => storage.getStore()

/** Runs `work` outside of any span or request: what began in one may report on something else. */
export const outside = <T>(work: () => T): T => storage.exit(work)

/** Runs `work` inside `scope`. */
export const runIn = <T>(scope: Scope, work: () => T): T => storage.run(scope, work)

/** Runs `work` with `span` as the current one, in the request that is being answered. */
export function runInSpan<T>(span: Span, work: () => T): T {
  const around = storage.getStore()
  return storage.run({ span, event: around?.event, request: around?.request, baggage: around?.baggage }, work)
}
