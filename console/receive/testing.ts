import { onTestFinished } from 'bun:test'
import { createConsole } from '../app'
import { openStore } from '../store'

export const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
export const spanId = '00f067aa0ba902b7'

/** A console that receives OTLP, and access to the tables of its store. */
export function openTestReceiver(limits?: { maxBytes: number; maxInFlightBytes: number }) {
  const store = openStore()
  onTestFinished(store.close)
  const app = createConsole({ store, ...(limits && { limits }) })
  const post = (path: string, body: Bun.BodyInit, headers: Record<string, string> = {}) =>
    app.request(`http://localhost:4318${path}`, {
      method: 'POST',
      headers: { Host: 'localhost:4318', 'Content-Type': 'application/json', ...headers },
      body,
    })
  const rows = (table: string) => store.db.query(`SELECT * FROM ${table}`).all() as Record<string, unknown>[]
  return { store, app, post, rows }
}

/** A span in OTLP/JSON. */
export const span = {
  traceId,
  spanId,
  name: 'work',
  kind: 2,
  startTimeUnixNano: '1700000000000000000',
  endTimeUnixNano: '1700000000042000000',
}
export const tracesBody = (...spans: object[]) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
/** A body with an attribute of nested arrays. */
export const nestedBody = (depth: number) =>
  tracesBody({ ...span, attributes: [{ key: 'a', value: 0 }] }).replace(
    '"value":0',
    `"value":${'{"arrayValue":{"values":['.repeat(depth)}${']}}'.repeat(depth)}`,
  )
