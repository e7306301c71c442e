import type { Telemetry } from '@vitrine/telemetry'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import { commonDeclarations } from './declarations'

export interface LoadSheddingOptions {
  telemetry: Telemetry
  isInternal: (request: Request) => boolean
  /** Requests of the public that are at work at once; those of other services may be half as many more. */
  maxConcurrentRequests: number
  /** How a request is answered that is one too many. */
  reject: (c: Context) => Response | Promise<Response>
}

type Serve = Hono['fetch']

// Then it is told anew what happens: ten spans and lines a second for each URL.
const repeatedForMs = 100
const mostKept = 100

/**
 * Answers at once what is one request too many, so that those at work are done in time: an answer that comes after everybody
 * has left helps nobody. Work of which another service has done its part already goes first.
 *
 * `limit` turns away with trace, line and page; `repeated` stands around the app and gives others who ask for the same
 * within 100 ms that very answer, with its trace id. They are counted, in the same metrics, and cost next to nothing: what
 * turning away costs is taken from those at work.
 */
export function loadShedding({ telemetry, isInternal, maxConcurrentRequests, reject }: LoadSheddingOptions) {
  const shed = telemetry.counter(commonDeclarations.metrics.shed)
  const mostInternal = Math.ceil(maxConcurrentRequests * 1.5)
  const turnedAway = new WeakMap<Request, (durationS: number) => void>()
  const kept = new Map<string, KeptAnswer>()
  let untold = 0
  let atWork = 0

  return { limit, repeated }

  function limit(c: Context, next: () => Promise<void>): ReturnType<MiddlewareHandler> {
    if (atWork >= maxConcurrentRequests && isOneTooMany(c.req.raw)) return Promise.resolve(turnAway(c))
    atWork++
    return next().finally(done)
  }

  function repeated(serve: Serve): Serve {
    return (request, ...rest) => {
      if (atWork < maxConcurrentRequests || !isOneTooMany(request)) return serve(request, ...rest)
      const startMs = performance.now()
      const known = kept.get(keyOf(request))
      return known ? repeat(request, known, startMs) : told(request, serve(request, ...rest))
    }
  }

  function isOneTooMany(request: Request): boolean {
    return atWork >= mostInternal || !isInternal(request)
  }

  function turnAway(c: Context): Response | Promise<Response> {
    count(c.req.raw)
    telemetry.setAttribute('shed.alike', untold)
    untold = 0
    turnedAway.set(c.req.raw, telemetry.reusedResponseRecorder())
    return reject(c)
  }

  function repeat(request: Request, { body, status, headers, countReuse }: KeptAnswer, startMs: number): Response {
    count(request)
    untold++
    const response = new Response(body, { status, headers })
    countReuse((performance.now() - startMs) / 1000)
    return response
  }

  // What is answered outside of the limit, such as `/health`, is not kept.
  async function told(request: Request, answering: Response | Promise<Response>): Promise<Response> {
    const response = await answering
    const countReuse = turnedAway.get(request)
    if (!countReuse) return response
    const { status, headers } = response
    const body = new Uint8Array(await response.arrayBuffer())
    if (kept.size === 0) setTimeout(() => kept.clear(), repeatedForMs).unref()
    if (kept.size < mostKept) kept.set(keyOf(request), { body, status, headers, countReuse })
    return new Response(body, { status, headers })
  }

  function count(request: Request): void {
    shed.add(1, isInternal(request) ? internalCaller : publicCaller)
  }

  function done(): void {
    atWork--
  }
}

interface KeptAnswer {
  body: Uint8Array<ArrayBuffer>
  status: number
  headers: Headers
  countReuse: (durationS: number) => void
}

const keyOf = ({ method, url }: Request) => `${method} ${url}`
const publicCaller = { caller: 'public' } as const
const internalCaller = { caller: 'internal' } as const
