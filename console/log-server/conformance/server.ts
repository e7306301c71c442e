import { createLogServer } from '../app'
import type { Line, Request } from './case'

/** The server that the cases run against: this one in the test's process, or a real Loki at an address. */
export interface Server {
  send(request: Request): Promise<Response>
  /** Returns when the lines can be queried. */
  push(service: string, base: bigint, lines: Line[]): Promise<void>
  close(): void
}

const maxIngestMs = 60_000

export function openServer(url: string | undefined): Server {
  const server = url ? undefined : createLogServer({})
  const request = (path: string, init: RequestInit): Promise<Response> =>
    server ? Promise.resolve(server.app.request(`http://log-server${path}`, init)) : fetch(`${url}${path}`, init)
  return { send, push, close: () => server?.close() }

  async function send({ method = 'GET', path, parameters, headers = {}, body }: Request): Promise<Response> {
    const query = new URLSearchParams(parameters)
    return request(`${path}${query.size ? `?${query}` : ''}`, { method, headers, ...(body !== undefined && { body }) })
  }

  async function push(service: string, base: bigint, lines: Line[]): Promise<void> {
    const pushed = await request('/otlp/v1/logs', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ resourceLogs: lines.map((line) => resourceLogs(service, base, line)) }),
    })
    if (!pushed.ok) throw new Error(`the push was refused with ${pushed.status}: ${await pushed.text()}`)
    const deadlineMs = performance.now() + maxIngestMs
    while (url && (await countOf(service, base)) < lines.length) {
      if (performance.now() > deadlineMs) throw new Error(`the lines of ${service} can't be queried after 60 s`)
      await Bun.sleep(100)
    }
  }

  async function countOf(service: string, base: bigint): Promise<number> {
    const response = await send({
      path: '/loki/api/v1/query_range',
      parameters: {
        query: `{service_name=~".+"} | conformance_case="${service}"`,
        start: String(base - 3_600_000_000_000n),
        end: String(base + 3_600_000_000_000n),
        limit: '5000',
      },
    })
    const { data } = (await response.json()) as { data: { result: { values: unknown[] }[] } }
    return data.result.reduce((count, { values }) => count + values.length, 0)
  }
}

export const timeOf = (base: bigint, at: number | string): bigint => {
  const [, sign, whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(at)) ?? []
  const offset = BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))
  return base + (sign ? -offset : offset)
}

function resourceLogs(service: string, base: bigint, line: Line): object {
  const { at, body, attributes = {}, resource = {}, scope, record = {} } = line
  const resourceAttributes = { 'service.name': service, 'conformance.case': service, ...resource }
  return {
    resource: { attributes: keyValues(resourceAttributes) },
    scopeLogs: [
      {
        ...(scope && { scope: { ...scope, attributes: keyValues(scope.attributes ?? {}) } }),
        logRecords: [
          {
            timeUnixNano: String(timeOf(base, at)),
            ...(body !== undefined && { body: anyValue(body) }),
            attributes: keyValues(attributes),
            ...record,
          },
        ],
      },
    ],
  }
}

const keyValues = (values: object): object[] =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: anyValue(value) }))

function anyValue(value: unknown): object {
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  if (typeof value === 'object' && value !== null) return { kvlistValue: { values: keyValues(value) } }
  return { stringValue: String(value) }
}
