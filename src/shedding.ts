import type { Telemetry } from '@vitrine/telemetry'
import type { Context, MiddlewareHandler } from 'hono'
import { common } from './signals'

export interface SheddingOptions {
  telemetry: Telemetry
  isInternal: (request: Request) => boolean
  /** Requests of the public that are at work at once; those of other services may be half as many more. */
  mostAtWork: number
  /** How a request is answered that is one too many. */
  answer: (c: Context) => Response | Promise<Response>
}

/**
 * Answers at once what is one request too many, so that those at work are done in time: an answer that comes after everybody
 * has left helps nobody. Work of which another service has done its part already goes first.
 */
export function shedding({ telemetry, isInternal, mostAtWork, answer }: SheddingOptions): MiddlewareHandler {
  const shed = telemetry.counter(common.metrics.shed)
  const mostInternal = Math.ceil(mostAtWork * 1.5)
  let atWork = 0

  return function shedding(c, next) {
    if (atWork >= mostAtWork && isOneTooMany(c.req.raw)) return Promise.resolve(answer(c))
    atWork++
    return next().finally(done)
  }

  function isOneTooMany(request: Request): boolean {
    const caller = isInternal(request) ? 'internal' : 'public'
    if (caller === 'internal' && atWork < mostInternal) return false
    shed.add(1, { caller })
    return true
  }

  function done(): void {
    atWork--
  }
}
