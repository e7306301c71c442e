import type { Step } from './thresholds.ts'

/** A person in front of a browser: an address, and the cookies they come with. */
export interface Visitor {
  address: string
  cookies: Record<string, string>
}

/** A request of a browser. An engine sends it, and passes the response back into the script that yielded it. */
export interface PageRequest {
  visitor: Visitor
  step: Step
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  /** Fields of a form, or a body as it is. */
  body?: Record<string, string> | string
  headers?: Record<string, string>
  /** Path of the page that the browser shows. */
  referer: string
  /** The right status of the response. */
  expectedStatus: number
}

/** A response; engines follow no redirect. */
export interface PageResponse {
  status: number
  html: string
  /** Path or address of a redirect, empty without one. */
  location: string
}

/** Yielded where a person reads a page before the next one; how long it takes is the engine's to know. */
export const think = Symbol('think')

/** What people do, free of any engine: it yields requests and pauses, and receives responses. */
export type Script<T> = Generator<PageRequest | typeof think, T, PageResponse | undefined>

type Sent = Pick<PageRequest, 'step' | 'method' | 'path' | 'body' | 'headers' | 'expectedStatus'>

export interface Visit {
  /** Opens a page. */
  get(step: Step, path: string): Script<PageResponse>
  /** Sends a form; its response leads to a page. */
  post(step: Step, path: string, fields: Record<string, string>): Script<PageResponse>
  /** Sends anything else, also what is wrong. Never ends a journey: `undefined` when the status is not the right one. */
  send(request: Sent): Script<PageResponse | undefined>
  visitor: Visitor
  isSignedIn: boolean
}

/** The status was not the right one: the journey can't go on. The engine has counted it. */
export class UnexpectedStatusError extends Error {}

/** A visit with cookies of its own. `afterEach` runs after each right response. */
export function openVisit({ address, cookies }: Visitor, afterEach?: (visit: Visit) => Script<void>): Visit {
  const visitor = { address, cookies: { ...cookies } }
  const visit: Visit = { get, post, send, visitor, isSignedIn: Object.keys(cookies).length > 0 }
  let referer = '/'
  return visit

  function* get(step: Step, path: string): Script<PageResponse> {
    const response = yield* must({ step, method: 'GET', path, expectedStatus: 200 })
    referer = path
    return response
  }

  function post(step: Step, path: string, body: Record<string, string>): Script<PageResponse> {
    return must({ step, method: 'POST', path, body, expectedStatus: 303 })
  }

  function* must(request: Sent): Script<PageResponse> {
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
