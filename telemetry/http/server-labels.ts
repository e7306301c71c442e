import type { Attributes } from '@opentelemetry/api'
import { createLabels, type Labels, memo } from '../labels'
import type { LineKind } from '../logs/kind'
import { methodInName } from './method'
import { hostOf } from './url'

/** What says which answers are alike. */
export interface AnswerKind {
  method: string
  isHttps: boolean
  route: string | undefined
  status: number
  /** `error.type` */
  failure: string | undefined
}

export interface AnswerLabels extends AnswerKind {
  labels: Labels
  /** How its span is called. */
  name: string
  /** What its log line says: `GET /product/:slug 200`. */
  line: string
  /** The kind of its log line, once there was one. */
  lineKind?: LineKind
}

/**
 * The labels of answers, made once for each kind. A client chooses neither route nor `error.type`, and of its methods
 * only the standard's are told apart, so that there are few; `most` bounds what is remembered whatever happens.
 */
export function answerLabels(most = 2000) {
  const byRoute = new Map<string | undefined, AnswerLabels[]>()
  let size = 0

  return ({ method, isHttps, route, status, failure }: AnswerKind): AnswerLabels => {
    const alike = byRoute.get(route) ?? []
    for (const one of alike) {
      if (one.status === status && one.method === method && one.failure === failure && one.isHttps === isHttps)
        return one
    }
    const made = make({ method, isHttps, route, status, failure })
    if (size++ < most) byRoute.set(route, [...alike, made])
    return made
  }
}

/** The labels of requests that are not answered yet. */
export const requestLabels = () => {
  const of = (scheme: string) =>
    memo((method: string) => Object.freeze({ 'http.request.method': method, 'url.scheme': scheme }))
  const [http, https] = [of('http'), of('https')]
  return (method: string, isHttps: boolean): Attributes => (isHttps ? https(method) : http(method))
}

/** What spans say of the host that was asked; remembers some, as clients may name any. */
export function hostLabels() {
  const labelsOf = memo((origin: string) => {
    const { address, port } = hostOf(origin)
    return createLabels({ 'server.address': address, 'server.port': port, 'network.protocol.version': '1.1' })
  }, 200)
  let last = ''
  let labels = labelsOf(last)
  return (origin: string): Labels => {
    if (origin === last) return labels
    last = origin
    labels = labelsOf(origin)
    return labels
  }
}

function make(kind: AnswerKind): AnswerLabels {
  const { method, isHttps, route, status, failure } = kind
  const labels = createLabels({
    'http.request.method': method,
    'url.scheme': isHttps ? 'https' : 'http',
    ...(route && { 'http.route': route }),
    'http.response.status_code': status,
    ...(failure && { 'error.type': failure }),
  })
  const name = route ? `${methodInName(method)} ${route}` : methodInName(method)
  return { ...kind, labels, name, line: `${method} ${route ?? '(no route)'} ${status}` }
}
