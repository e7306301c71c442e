import type { Attributes, Span } from '@opentelemetry/api'
import type { Context } from 'hono'
import type { RouterRoute } from 'hono/types'
import type { ActiveContext, ExchangeContext } from '../active-context'
import type { Baggage } from '../traces/baggage'
import type { BodyEnd, ResponseSource } from './response-body'

/** A request and its response, up to the end of the body; also the active context of its handlers. */
export class Exchange implements ActiveContext, ExchangeContext {
  wideEvent: Attributes | undefined
  /** Attributes of `http.server.active_requests` while it is in progress. */
  activeAttributes: Attributes | undefined
  /** Attributes of `http.server.request.duration`, once it has ended. */
  responseAttributes: Attributes | undefined
  responseSource: ResponseSource = 'other'
  hasEnded = false
  /** Called when the response has ended. */
  onEnd: (() => void) | undefined
  readonly request: Request
  readonly isHttps: boolean

  constructor(
    readonly c: Context,
    readonly routes: RouterRoute[],
    /** Milliseconds since the epoch. */
    readonly startMs: number,
    /** The same time, of `performance.now()`. */
    readonly started: number,
    /** A standard method, or `_OTHER`. */
    readonly method: string,
    readonly span: Span,
    readonly baggage: Baggage | undefined,
    /** The client's network. */
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
  /** The error that a handler threw. */
  error: unknown
  bodyEnd: BodyEnd
}
