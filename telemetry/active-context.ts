import { AsyncLocalStorage } from 'node:async_hooks'
import type { Attributes, Span } from '@opentelemetry/api'
import type { Baggage } from './traces/baggage'

/** The current span and request of an asynchronous call chain. */
export interface ActiveContext {
  /** The innermost span. */
  readonly span: Span
  /** The current request; `undefined` outside of one. */
  readonly exchange: ExchangeContext | undefined
}

/** The part of a request that its handlers and their calls need. */
export interface ExchangeContext {
  readonly request: Request
  /** Hono's context of the request. */
  readonly c: object
  /** Whether the response has been sent. */
  readonly hasEnded: boolean
  /** Passed on with every call. */
  readonly baggage: Baggage | undefined
  /** Attributes of the request's wide event, once there are any. */
  wideEvent: Attributes | undefined
  /** Attributes of the request's duration metric, once it has ended. */
  readonly responseAttributes: Attributes | undefined
}

const storage = new AsyncLocalStorage<ActiveContext>()

export const activeContext = (): ActiveContext | undefined => storage.getStore()

/** Runs `work` outside of any span or request, for timers and reports that concern more than one request. */
export const withoutContext = <T>(work: () => T): T => storage.exit(work)

/** Runs `work` with `context` as the active one. */
export const withContext = <T>(context: ActiveContext, work: () => T): T => storage.run(context, work)

/** Runs `work` with `span` as the current span, in the current request. */
export const withSpan = <T>(span: Span, work: () => T): T =>
  storage.run({ span, exchange: storage.getStore()?.exchange }, work)
