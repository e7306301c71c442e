import type { Attributes, Span } from '@opentelemetry/api'
import type { Context } from 'hono'
import type { RouterRoute } from 'hono/types'
import type { ActiveContext, ExchangeContext } from '../active-context'
import type { Baggage } from '../traces/baggage'
import type { ResponseSource } from './response-body'

/** A request from its beginning to the end of its answer; also the scope in which its handlers run. */
export class Exchange implements ActiveContext, ExchangeContext {
  wideEvent: Attributes | undefined
  /** Of the series in which it counts while it is under way. */
  activeAttributes: Attributes | undefined
  /** Of the series in which its answer counts, once it has ended. */
  responseAttributes: Attributes | undefined
  responseSource: ResponseSource = 'hand'
  hasEnded = false
  /** Called when the answer has ended. */
  onEnd: (() => void) | undefined
  readonly request: Request
  readonly isHttps: boolean

  constructor(
    readonly c: Context,
    readonly routes: RouterRoute[],
    /** Milliseconds since the epoch, and of `performance.now()`. */
    readonly startMs: number,
    readonly started: number,
    /** One of the standard's, or `_OTHER`. */
    readonly method: string,
    readonly span: Span,
    readonly baggage: Baggage | undefined,
    /** The caller's network. */
    readonly client: string | undefined,
  ) {
    this.request = c.req.raw
    this.isHttps = this.request.url.startsWith('https:')
  }

  nowMs(): number {
    return this.startMs + performance.now() - this.started
  }

  get exchange(): this {
    return this
  }
}

/** How an exchange ended. */
export interface Outcome {
  status: number
  endMs: number
  /** What a handler threw. */
  error: unknown
  bodyEnd: BodyEnd
}

/** How a body ended that was not sent whole: because the client had left, or because it broke. */
export type BodyEnd = 'aborted' | { error: unknown } | undefined
