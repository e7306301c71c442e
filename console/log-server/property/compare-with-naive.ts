import { otlpType } from '../../receive/schema'
import { createLogServer } from '../app'
import { baseS, type Log, otlpOf } from './logs'
import type { Request } from './query'
import { toHttpRequest } from './request'
import { findDifference } from './search'

const origin = 'http://log-server'
// So that the logs are several blocks, and a rest in the head.
const logsPerPush = 3
const blockRows = 10

/** Compares the log server with the naive evaluator. @throws Error with the smallest difference and its seed */
export async function compareWithNaive(defaultPairs: number): Promise<void> {
  const pairs = Number(process.env.VITRINE_PROPERTY_PAIRS ?? defaultPairs)
  const seed = Number(process.env.VITRINE_PROPERTY_SEED ?? Math.floor(Math.random() * 1e9))
  const found = await findDifference(openServer, { pairs, seed })
  if (found) throw new Error(found)
}

async function openServer(logs: Log[]) {
  const { app, close } = createLogServer({ blockRows, nowMs: () => (baseS + 600) * 1000 })
  for (let from = 0; from < logs.length; from += logsPerPush) {
    await push(logs.slice(from, from + logsPerPush), from % 2 === 0)
  }
  return { respond, close }

  async function push(some: Log[], isJson: boolean) {
    const pushed = await app.request(`${origin}/otlp/v1/logs`, {
      method: 'POST',
      headers: { 'Content-Type': isJson ? 'application/json' : 'application/x-protobuf' },
      body: isJson ? JSON.stringify(otlpOf(some)) : protobufOf(otlpOf(some)),
    })
    if (!pushed.ok) throw new Error(`the log server refused random logs: ${pushed.status} ${await pushed.text()}`)
  }

  async function respond(request: Request) {
    const { path, headers } = toHttpRequest(request)
    const response = await app.request(`${origin}${path}`, { headers })
    return { status: response.status, body: await response.text() }
  }
}

/** OTLP/JSON as protobuf: ids are bytes there. */
function protobufOf(request: object): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(request, (name, value) =>
    name === 'traceId' || name === 'spanId' ? Buffer.from(value, 'hex').toString('base64') : value,
  )
  const type = otlpType('ExportLogsServiceRequest')
  return new Uint8Array(type.encode(type.fromObject(JSON.parse(text))).finish())
}
