import { AsyncLocalStorage } from 'node:async_hooks'
import type { Attributes, Span } from '@opentelemetry/api'
import type { Baggage } from './traces/baggage'

/** What is under way in this asynchronous call chain. */
export interface ActiveContext {
  /** The innermost span. */
  readonly span: Span
  /** The request that is being answered; absent outside of one. */
  readonly exchange: ExchangeContext | undefined
}

/** What a request's handlers, and the calls that they make, need of it. */
export interface ExchangeContext {
  readonly request: Request
  /** hono's context of it. */
  readonly c: object
  /** Whether its answer has been sent. */
  readonly hasEnded: boolean
  /** Travels on with every call. */
  readonly baggage: Baggage | undefined
  /** Attributes of the request's one log line, once there are any. */
  wideEvent: Attributes | undefined
  /** Labels of its answer in the metrics, once it has ended. */
  readonly responseAttributes: Attributes | undefined
}

const storage = new AsyncLocalStorage<ActiveContext>()

export const activeContext = (): ActiveContext | undefined => storage.getStore()

/** Runs `work` outside of any span or request: what began in one may report on something else. */
export const withoutContext = <T>(work: () => T): T => storage.exit(work)

/** Runs `work` inside `scope`. */
export const withContext = <T>(scope: ActiveContext, work: () => T): T => storage.run(scope, work)

/** Runs `work` with `span` as the current one, in the request that is being answered. */
export const withSpan = <T>(span: Span, work: () => T): T =>
  storage.run({ span, exchange: storage.getStore()?.exchange }, work)
