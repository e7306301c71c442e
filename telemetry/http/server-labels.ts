import type { Attributes } from '@opentelemetry/api'
import { createLabels, type Labels, memo } from '../labels'
import type { LineKind } from '../logs/kind'
import { methodInName } from './method'
import { hostOf } from './url'

/** What says which answers are alike. */
interface AnswerKind {
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
  /** The labels of its span, by the host that was asked. */
  byOrigin: Map<string, Labels>
  lastOrigin: string
  lastLabels: Labels
  /** The kind of its log line, once there was one. */
  lineKind: LineKind | undefined
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
    if (size >= most) byRoute.clear()
    size = byRoute.size === 0 ? 1 : size + 1
    byRoute.set(route, [...(byRoute.get(route) ?? []), made])
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

/**
 * What the span of an answer has in common with others: the labels, and the host that was asked. Remembers some hosts, as
 * clients may name any.
 */
export function spanLabels(answer: AnswerLabels, origin: string): Labels {
  if (origin === answer.lastOrigin) return answer.lastLabels
  answer.lastOrigin = origin
  answer.lastLabels = answer.byOrigin.get(origin) ?? makeSpanLabels(answer, origin)
  return answer.lastLabels
}

function makeSpanLabels(answer: AnswerLabels, origin: string): Labels {
  const { address, port } = hostOf(origin)
  const host = { 'server.address': address, 'server.port': port, 'network.protocol.version': '1.1' }
  const labels = createLabels({ ...answer.labels.attributes, ...host })
  if (answer.byOrigin.size >= mostOrigins) answer.byOrigin.clear()
  answer.byOrigin.set(origin, labels)
  return labels
}

const mostOrigins = 20

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
  const line = `${method} ${route ?? '(no route)'} ${status}`
  return { ...kind, labels, name, line, byOrigin: new Map(), lastOrigin: '', lastLabels: labels, lineKind: undefined }
}
