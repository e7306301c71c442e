import type { Step } from './thresholds.ts'

/** A person with a browser: an address and cookies. */
export interface Visitor {
  address: string
  cookies: Record<string, string>
}

/** A request of a browser. An engine sends it, and passes the response to the script that yielded it. */
export interface PageRequest {
  visitor: Visitor
  step: Step
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  /** Fields of a form, or a raw body. */
  body?: Record<string, string> | string
  headers?: Record<string, string>
  /** Path of the current page. */
  referer: string
  expectedStatus: number
}

/** A response. Engines do not follow redirects. */
export interface PageResponse {
  status: number
  html: string
  /** Path or URL of a redirect; empty without one. */
  location: string
}

/** Yielded for a pause before the next page. The engine knows its duration. */
export const think = Symbol('think')

/** A visit that is independent of the engine: it yields requests and pauses, and receives responses. */
export type Script<T> = Generator<PageRequest | typeof think, T, PageResponse | undefined>

type Sent = Pick<PageRequest, 'step' | 'method' | 'path' | 'body' | 'headers' | 'expectedStatus'>

export interface Visit {
  /** Opens a page. */
  get(step: Step, path: string): Script<PageResponse>
  /** Sends a form, whose response must be a redirect. */
  post(step: Step, path: string, fields: Record<string, string>): Script<PageResponse>
  /** Sends any request; a form, even an empty one, needs a `body`. Returns `undefined` for an unexpected status, without ending the journey. */
  send(request: Sent): Script<PageResponse | undefined>
  visitor: Visitor
  isSignedIn: boolean
}

/** A response had an unexpected status, so that the journey can't continue. The engine has counted the request. */
export class UnexpectedStatusError extends Error {}

/** Opens a visit with its own copy of the cookies. `afterEach` runs after each expected response. */
export function openVisit({ address, cookies }: Visitor, afterEach?: (visit: Visit) => Script<void>): Visit {
  const visitor = { address, cookies: { ...cookies } }
  const visit: Visit = { get, post, send, visitor, isSignedIn: Object.keys(cookies).length > 0 }
  let referer = '/'
  return visit

  function* get(step: Step, path: string): Script<PageResponse> {
    const response = yield* expectResponse({ step, method: 'GET', path, expectedStatus: 200 })
    referer = path
    return response
  }

  function post(step: Step, path: string, body: Record<string, string>): Script<PageResponse> {
    return expectResponse({ step, method: 'POST', path, body, expectedStatus: 303 })
  }

  function* expectResponse(request: Sent): Script<PageResponse> {
    const response = yield* send(request)
    if (!response) throw new UnexpectedStatusError(request.step)
    if (afterEach) yield* afterEach(visit)
    return response
  }

  function* send(request: Sent): Script<PageResponse | undefined> {
    const response = yield { visitor, referer, ...request }
    return response?.status === request.expectedStatus ? response : undefined
  }
}
