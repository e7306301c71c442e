import { check } from 'k6'
import http, { type CookieJar, type RefinedResponse } from 'k6/http'
import { tellOf } from './notable.ts'
import { settings } from './settings.ts'
import type { Step } from './thresholds.ts'

/** A request of a person in front of a browser. */
export interface Asked {
  step: Step
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  /** Fields of a form, or a body as it is. */
  body?: Record<string, string> | string
  headers?: Record<string, string>
  /** The status of the answer that is right. */
  expects: number
}

/** What came back; where it leads elsewhere, that was not followed yet. */
export interface Answer {
  html: string
  location: string
}

export interface Visit {
  /** A page that a person opens. */
  get(step: Step, path: string): Answer
  /** A form that a person sends: its answer leads on to a page. */
  post(step: Step, path: string, fields: Record<string, string>): Answer
  /** Anything else, also what is wrong. Never ends a journey. */
  ask(asked: Asked): Answer | undefined
  cookies(): Record<string, string>
  isSignedIn: boolean
}

/** The answer was not the right one: the journey can't go on. It is counted where it happened. */
export class Lost extends Error {}

const origin = /^https?:\/\/[^/]+/.exec(settings.url)?.[0] ?? settings.url
// No step for a breakpoint search: its series are by rate.
const isByStep = settings.shape !== 'breakpoint'

/**
 * A person at `address` with cookies of their own. `afterEach` is called after each right answer.
 * The run's id goes along as baggage, which the shop takes from trusted proxies, and a `traceparent`, to which its trace links.
 */
export function openVisit(
  address: string,
  given: Record<string, string> = {},
  afterEach = (_visit: Visit) => {},
): Visit {
  const jar = new http.CookieJar()
  for (const [name, value] of Object.entries(given)) jar.set(settings.url, name, value)
  const visit: Visit = { get, post, ask, cookies: () => flat(jar), isSignedIn: Object.keys(given).length > 0 }
  let referer = `${origin}/`
  return visit

  function get(step: Step, path: string): Answer {
    const answer = must({ step, method: 'GET', path, expects: 200 })
    referer = origin + path
    return answer
  }

  function post(step: Step, path: string, body: Record<string, string>): Answer {
    return must({ step, method: 'POST', path, body, expects: 303 })
  }

  function must(asked: Asked): Answer {
    const answer = ask(asked)
    if (!answer) throw new Lost(asked.step)
    afterEach(visit)
    return answer
  }

  function ask({ step, method, path, body, headers, expects }: Asked): Answer | undefined {
    const tags = tagsOf(step)
    const response = http.request(method, origin + path, body ?? null, {
      jar,
      redirects: 0,
      tags,
      responseCallback: http.expectedStatuses(expects),
      headers: {
        ...usualHeaders(address),
        ...(method === 'GET' ? {} : { Origin: origin, Referer: referer }),
        ...headers,
      },
    })
    const isRight = check(response, { 'the right status': ({ status }) => status === expects }, tags)
    tellOf(step, response, isRight)
    return isRight ? { html: textOf(response), location: pathOf(response.headers.Location ?? '') } : undefined
  }
}

/** In set-up there are no steps: its requests are no part of the load. */
export const tagsOf = (step: Step): Record<string, string> => {
  if (__VU === 0) return { phase: 'set_up' }
  return isByStep ? { phase: 'load', step } : { phase: 'load' }
}

const usualHeaders = (address: string) => ({
  Accept: 'text/html',
  'X-Forwarded-For': address,
  traceparent: `00-${hex(32)}-${hex(16)}-01`,
  baggage: `loadtest.run=${encodeURIComponent(settings.run)}`,
})

function hex(length: number): string {
  let digits = ''
  while (digits.length < length) digits += (1 + Math.floor(Math.random() * 0xfffffff)).toString(16).padStart(8, '0')
  return digits.slice(0, length)
}

const textOf = ({ body }: RefinedResponse<'text'> | RefinedResponse<undefined>): string =>
  typeof body === 'string' ? body : ''
const pathOf = (location: string): string => location.replace(origin, '')

function flat(jar: CookieJar): Record<string, string> {
  const all = jar.cookiesForURL(settings.url) as unknown as Record<string, string[]>
  return Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values[0] ?? '']))
}
