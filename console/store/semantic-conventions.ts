import type { Span } from '../receive/telemetry-types'

/**
 * Reads spans by the semantic conventions 1.44, and by the attribute names of older ones.
 * @see https://opentelemetry.io/docs/specs/semconv/
 */
const kinds = { server: 2, client: 3, consumer: 5 }

type SpanFields = Pick<Span, 'kind' | 'name' | 'attributes'>

/** Whether the span handles a request or a message of another service. */
export const isServer = ({ kind }: SpanFields): boolean => kind === kinds.server || kind === kinds.consumer

export const isClient = ({ kind }: SpanFields): boolean => kind === kinds.client

export const isQuery = ({ kind, attributes }: SpanFields): boolean =>
  kind !== kinds.server && (attributes['db.system.name'] ?? attributes['db.system']) !== undefined

/** Method and route, such as `GET /product/:slug`; the span's name when it is not HTTP. */
export function routeOf({ name, attributes }: SpanFields): string {
  const method = first(attributes, 'http.request.method', 'http.method')
  const route = first(attributes, 'http.route')
  return method && route ? `${method} ${route}` : name
}

/** The service that a client span calls; empty when the span does not name it. */
export const peerOf = ({ attributes }: SpanFields): string => first(attributes, 'service.peer.name', 'peer.service')

/** The address that a client span calls. */
export function addressOf({ attributes }: SpanFields): string {
  const address = first(attributes, 'server.address', 'net.peer.name')
  const port = first(attributes, 'server.port', 'net.peer.port')
  return address && port ? `${address}:${port}` : address
}

/** The statement and the database of a query. */
export function statementOf({ name, attributes }: SpanFields) {
  const system = first(attributes, 'db.system.name', 'db.system')
  const text = first(attributes, 'db.query.text', 'db.statement')
  const database = first(attributes, 'db.namespace', 'db.name') || system
  const summary = first(attributes, 'db.query.summary') || (text ? name : '')
  return { summary, text, database, detail: JSON.stringify({ text, system, database }) }
}

export const errorTypeOf = ({ attributes }: SpanFields): string => first(attributes, 'error.type', 'exception.type')

function first(attributes: Span['attributes'], ...names: string[]): string {
  for (const name of names) {
    const value = attributes[name]
    if (value !== undefined && value !== null && value !== '') return String(value)
  }
  return ''
}
