import { AsyncLocalStorage } from 'node:async_hooks'
import { type Attributes, type Context, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api'

/** What is under way in this asynchronous call chain: the innermost span, and the wide event of the request around it. */
export interface Scope {
  context: Context
  span: Span
  /** Attributes of the request's one log line; absent outside a request. */
  event: Attributes | undefined
}

const storage = new AsyncLocalStorage<Scope>()

export const currentScope = (): Scope | undefined => storage.getStore()
export const currentContext = (): Context => storage.getStore()?.context ?? ROOT_CONTEXT

/** Runs `work` outside of any span or request: what began in one may report on something else. */
export const outside = <T>(work: () => T): T => storage.exit(work)

/** Runs `work` with `span` as the current one; a wide event given here, or that of the scope around, receives `set()`. */
export function runInSpan<T>(span: Span, parent: Context, event: Attributes | undefined, work: () => T): T {
  return storage.run({ context: trace.setSpan(parent, span), span, event }, work)
}
