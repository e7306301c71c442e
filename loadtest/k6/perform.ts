import { check, sleep } from 'k6'
import http, { type CookieJar, type RefinedResponse } from 'k6/http'
import { headersOf, originOf } from '../headers.ts'
import { withShapeDefaults } from '../shapes.ts'
import type { Step } from '../thresholds.ts'
import { type PageRequest, type PageResponse, type Script, think, type Visitor } from '../visit.ts'
import { logNotableRequest } from './log-notable-request.ts'
import { settings } from './settings.ts'

const origin = originOf(settings.url)
const { thinkS } = withShapeDefaults(settings)
// A breakpoint search has series by rate, not by step.
const isByStep = settings.shape !== 'breakpoint'
const jars = new WeakMap<Visitor, CookieJar>()

/** Runs a script to its end, one request after the other, as this virtual user. */
export function perform<T>(script: Script<T>): T {
  let next = script.next()
  while (!next.done) {
    if (next.value !== think) next = script.next(send(next.value))
    else {
      // Lasts half of the mean to one and a half.
      if (thinkS > 0) sleep(thinkS * (0.5 + Math.random()))
      next = script.next()
    }
  }
  return next.value
}

function send(request: PageRequest): PageResponse {
  const { step, method, path, body, expectedStatus } = request
  const tags = tagsOf(step)
  const response = http.request(method, origin + path, body ?? null, {
    jar: jarOf(request.visitor),
    redirects: 0,
    tags,
    responseCallback: http.expectedStatuses(expectedStatus),
    headers: headersOf(request, settings),
  })
  const isRight = check(response, { 'the right status': ({ status }) => status === expectedStatus }, tags)
  logNotableRequest(step, response, isRight)
  return { status: response.status, html: textOf(response), location: pathOf(response.headers.Location ?? '') }
}

function jarOf(visitor: Visitor): CookieJar {
  const existing = jars.get(visitor)
  if (existing) return existing
  const jar = new http.CookieJar()
  for (const [name, value] of Object.entries(visitor.cookies)) jar.set(settings.url, name, value)
  jars.set(visitor, jar)
  return jar
}

/** A visitor with the current cookies, which k6 can pass from set-up to the virtual users. */
export function withCookies(visitor: Visitor): Visitor {
  const all = jarOf(visitor).cookiesForURL(settings.url) as unknown as Record<string, string[]>
  const cookies = Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values[0] ?? '']))
  return { address: visitor.address, cookies }
}

/** Requests of the set-up have no step, because they are not part of the load. */
const tagsOf = (step: Step): Record<string, string> => {
  if (__VU === 0) return { phase: 'set_up' }
  return isByStep ? { phase: 'load', step } : { phase: 'load' }
}

const textOf = ({ body }: RefinedResponse<'text'> | RefinedResponse<undefined>): string =>
  typeof body === 'string' ? body : ''
const pathOf = (location: string): string => location.replace(origin, '')
