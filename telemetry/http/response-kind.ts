import type { Attributes } from '@opentelemetry/api'
import type { LogRecordKind } from '../encode/log-record-kind'
import { memoize } from '../memoize'
import { createSharedAttributes, type SharedAttributes } from '../shared-attributes'
import { hostOf, methodInSpanName } from './request-attributes'

/** Responses that are equal in all of this share their attributes. */
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
  /** The name of the server span. */
  spanName: string
  /** The message of the wide event: `GET /product/:slug 200`. */
  logMessage: string
  /** The attributes of the server span, by the requested origin. */
  spanAttributesByOrigin: Map<string, SharedAttributes>
  lastOrigin: string
  lastSpanAttributes: SharedAttributes
  /** The kind of its wide event, once one was emitted. */
  logRecordKind: LogRecordKind | undefined
}

/**
 * Creates and caches what responses of one kind share. There are few kinds: clients choose neither route nor `error.type`,
 * and methods outside the standard count as one.
 * @param maxCached kinds that are cached at once.
 */
export function responseKinds(maxCached = 2000) {
  const byRoute = new Map<string | undefined, ResponseKind[]>()
  let size = 0

  return ({ method, isHttps, route, status, failure }: ResponseKey): ResponseKind => {
    const candidates = byRoute.get(route) ?? []
    for (const cached of candidates) {
      if (
        cached.status === status &&
        cached.method === method &&
        cached.failure === failure &&
        cached.isHttps === isHttps
      )
        return cached
    }
    const created = createKind({ method, isHttps, route, status, failure })
    if (size >= maxCached) byRoute.clear()
    size = byRoute.size === 0 ? 1 : size + 1
    byRoute.set(route, [...(byRoute.get(route) ?? []), created])
    return created
  }
}

/** The attributes of `http.server.active_requests`. */
export const activeRequestAttributes = () => {
  const attributesFor = (scheme: string) =>
    memoize((method: string) => Object.freeze({ 'http.request.method': method, 'url.scheme': scheme }))
  const [http, https] = [attributesFor('http'), attributesFor('https')]
  return (method: string, isHttps: boolean): Attributes => (isHttps ? https(method) : http(method))
}

/** The shared attributes of a server span: those of its kind and the requested host. Caches 20 hosts: clients may send any. */
export function serverSpanAttributes(kind: ResponseKind, origin: string): SharedAttributes {
  if (origin === kind.lastOrigin) return kind.lastSpanAttributes
  kind.lastOrigin = origin
  kind.lastSpanAttributes = kind.spanAttributesByOrigin.get(origin) ?? createSpanAttributes(kind, origin)
  return kind.lastSpanAttributes
}

function createSpanAttributes(kind: ResponseKind, origin: string): SharedAttributes {
  const { address, port } = hostOf(origin)
  const host = { 'server.address': address, 'server.port': port, 'network.protocol.version': '1.1' }
  const shared = createSharedAttributes({ ...kind.sharedAttributes.attributes, ...host })
  if (kind.spanAttributesByOrigin.size >= maxOrigins) kind.spanAttributesByOrigin.clear()
  kind.spanAttributesByOrigin.set(origin, shared)
  return shared
}

const maxOrigins = 20

function createKind(kind: ResponseKey): ResponseKind {
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
