import type { Attributes } from '@opentelemetry/api'
import type { LogRecordKind } from '../encode/log-record-kind'
import { memoize } from '../memoize'
import { createSharedAttributes, type SharedAttributes } from '../shared-attributes'
import { methodInSpanName } from './method'
import { hostOf } from './url'

/** What says which answers are alike. */
interface ResponseKey {
  method: string
  isHttps: boolean
  route: string | undefined
  status: number
  /** `error.type` */
  failure: string | undefined
}

export interface ResponseKind extends ResponseKey {
  sharedAttributes: SharedAttributes
  /** How its span is called. */
  spanName: string
  /** What its log line says: `GET /product/:slug 200`. */
  logMessage: string
  /** The labels of its span, by the host that was asked. */
  spanAttributesByOrigin: Map<string, SharedAttributes>
  lastOrigin: string
  lastSpanAttributes: SharedAttributes
  /** The kind of its log line, once there was one. */
  logRecordKind: LogRecordKind | undefined
}

/**
 * The labels of answers, made once for each kind. A client chooses neither route nor `error.type`, and of its methods
 * only the standard's are told apart, so that there are few; `most` bounds what is remembered whatever happens.
 */
export function responseKinds(most = 2000) {
  const byRoute = new Map<string | undefined, ResponseKind[]>()
  let size = 0

  return ({ method, isHttps, route, status, failure }: ResponseKey): ResponseKind => {
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
export const activeRequestAttributes = () => {
  const of = (scheme: string) =>
    memoize((method: string) => Object.freeze({ 'http.request.method': method, 'url.scheme': scheme }))
  const [http, https] = [of('http'), of('https')]
  return (method: string, isHttps: boolean): Attributes => (isHttps ? https(method) : http(method))
}

/**
 * What the span of an answer has in common with others: the labels, and the host that was asked. Remembers some hosts, as
 * clients may name any.
 */
export function serverSpanAttributes(answer: ResponseKind, origin: string): SharedAttributes {
  if (origin === answer.lastOrigin) return answer.lastSpanAttributes
  answer.lastOrigin = origin
  answer.lastSpanAttributes = answer.spanAttributesByOrigin.get(origin) ?? makeSpanLabels(answer, origin)
  return answer.lastSpanAttributes
}

function makeSpanLabels(answer: ResponseKind, origin: string): SharedAttributes {
  const { address, port } = hostOf(origin)
  const host = { 'server.address': address, 'server.port': port, 'network.protocol.version': '1.1' }
  const labels = createSharedAttributes({ ...answer.sharedAttributes.attributes, ...host })
  if (answer.spanAttributesByOrigin.size >= mostOrigins) answer.spanAttributesByOrigin.clear()
  answer.spanAttributesByOrigin.set(origin, labels)
  return labels
}

const mostOrigins = 20

function make(kind: ResponseKey): ResponseKind {
  const { method, isHttps, route, status, failure } = kind
  const sharedAttributes = createSharedAttributes({
    'http.request.method': method,
    'url.scheme': isHttps ? 'https' : 'http',
    ...(route && { 'http.route': route }),
    'http.response.status_code': status,
    ...(failure && { 'error.type': failure }),
  })
  const spanName = route ? `${methodInSpanName(method)} ${route}` : methodInSpanName(method)
  const logMessage = `${method} ${route ?? '(no route)'} ${status}`
  return {
    ...kind,
    sharedAttributes,
    spanName,
    logMessage,
    spanAttributesByOrigin: new Map(),
    lastOrigin: '',
    lastSpanAttributes: sharedAttributes,
    logRecordKind: undefined,
  }
}
