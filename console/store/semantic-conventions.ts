import type { Span } from '../receive/telemetry-types'

/** What the console reads out of spans, by today's semantic conventions and the names before them. Source: semconv 1.44. */
const server = 2
const consumer = 5

type Facts = Pick<Span, 'kind' | 'name' | 'attributes'>

/** Whether it is a program's answer to somebody outside of it. */
export const isServer = ({ kind }: Facts): boolean => kind === server || kind === consumer

export const isQuery = ({ kind, attributes }: Facts): boolean =>
  kind !== server && (attributes['db.system.name'] ?? attributes['db.system']) !== undefined

/** `GET /product/:slug`; the span's name where it is no HTTP. */
export function routeOf({ name, attributes }: Facts): string {
  const method = first(attributes, 'http.request.method', 'http.method')
  const route = first(attributes, 'http.route')
  return method && route ? `${method} ${route}` : name
}

/** Which program it called, where the caller knows. */
export const peerOf = ({ attributes }: Facts): string => first(attributes, 'service.peer.name', 'peer.service')

/** Where it called. */
export function addressOf({ attributes }: Facts): string {
  const address = first(attributes, 'server.address', 'net.peer.name')
  const port = first(attributes, 'server.port', 'net.peer.port')
  return address && port ? `${address}:${port}` : address
}

/** What it asked of which database. */
export function statementOf({ name, attributes }: Facts) {
  const system = first(attributes, 'db.system.name', 'db.system')
  const text = first(attributes, 'db.query.text', 'db.statement')
  const database = first(attributes, 'db.namespace', 'db.name') || system
  const summary = first(attributes, 'db.query.summary') || (text ? name : '')
  return { summary, text, database, detail: JSON.stringify({ text, system, database }) }
}

/** Its kind of error, by the convention's attribute. */
export const errorTypeOf = ({ attributes }: Facts): string => first(attributes, 'error.type', 'exception.type')

function first(attributes: Span['attributes'], ...names: string[]): string {
  for (const name of names) {
    const value = attributes[name]
    if (value !== undefined && value !== null && value !== '') return String(value)
  }
  return ''
}
