import type { Attributes, Span } from '@opentelemetry/api'
import type { ExchangeScope, Scope } from '../scope'
import type { Baggage } from '../traces/baggage'
import type { AnswerMaker } from './answer'

/** A request from its beginning to the end of its answer; also the scope in which its handlers run. */
export class Exchange implements Scope, ExchangeScope {
  event: Attributes | undefined
  madeBy: AnswerMaker = 'hand'
  readonly isHttps: boolean

  constructor(
    readonly request: Request,
    readonly startMs: number,
    /** One of the standard's, or `_OTHER`. */
    readonly method: string,
    readonly span: Span,
    readonly baggage: Baggage | undefined,
    /** The caller's network. */
    readonly client: string | undefined,
  ) {
    this.isHttps = request.url.startsWith('https:')
  }

  get exchange(): this {
    return this
  }
}
