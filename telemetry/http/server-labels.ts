import type { Attributes } from '@opentelemetry/api'
import { flat } from '../json'
import { createLabels, type Labels, memo } from '../labels'
import { hostOf } from './url'

/** What says which answers are alike. */
export interface AnswerKind {
  method: string
  scheme: string
  route: string | undefined
  status: number
  /** `error.type` */
  failure: string | undefined
}

interface AnswerLabels extends AnswerKind {
  labels: Labels
  /** What its log line says: `GET /product/:slug 200`. */
  line: string
}

/**
 * The labels of answers, made once for each kind. A client chooses neither route nor `error.type`, and of its methods
 * only the standard's are told apart, so that there are few; `most` bounds what is remembered whatever happens.
 */
export function answerLabels(most = 2000) {
  const byRoute = new Map<string | undefined, AnswerLabels[]>()
  let size = 0

  return ({ method, scheme, route, status, failure }: AnswerKind): AnswerLabels => {
    const alike = byRoute.get(route) ?? []
    for (const one of alike) {
      if (one.status === status && one.method === method && one.failure === failure && one.scheme === scheme) return one
    }
    const made = make({ method, scheme, route, status, failure })
    if (size++ < most) byRoute.set(route, [...alike, made])
    return made
  }
}

/** The labels of requests that are not answered yet. */
export const requestLabels = () => {
  const of = (scheme: string) =>
    memo((method: string) => Object.freeze({ 'http.request.method': method, 'url.scheme': scheme }))
  const [http, https] = [of('http'), of('https')]
  return (method: string, scheme: string): Attributes => (scheme === 'http' ? http(method) : https(method))
}

/** What spans say of the host that was asked; remembers some, as clients may name any. */
export const hostLabels = () =>
  memo((origin: string) => {
    const { address, port } = hostOf(origin)
    return createLabels({ 'server.address': address, 'server.port': port, 'network.protocol.version': '1.1' })
  }, 200)

function make(kind: AnswerKind): AnswerLabels {
  const { method, scheme, route, status, failure } = kind
  const labels = createLabels({
    'http.request.method': method,
    'url.scheme': scheme,
    ...(route && { 'http.route': route }),
    'http.response.status_code': status,
    ...(failure && { 'error.type': failure }),
  })
  return { ...kind, labels, line: flat(`${method} ${route ?? '(no route)'} ${status}`) }
}
