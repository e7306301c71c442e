import { test } from 'bun:test'
import { createLogServer } from '../app'
import { baseS, type Log, otlpOf } from './logs'
import type { Request } from './query'
import { httpOf } from './request'
import { findDifference } from './search'

const pairs = Number(process.env.VITRINE_PROPERTY_PAIRS ?? 2_000)
const seed = Number(process.env.VITRINE_PROPERTY_SEED ?? Math.floor(Math.random() * 1e9))
const origin = 'http://log-server'
const logsPerPush = 40

test(`the log server agrees with the naive evaluator for ${pairs} pairs of random logs and a random query`, async () => {
  const found = await findDifference(openServer, { pairs, seed })
  if (found) throw new Error(found)
}, 3_600_000)

async function openServer(logs: Log[]) {
  const { app, close } = createLogServer({ nowMs: () => (baseS + 600) * 1000 })
  for (let from = 0; from < logs.length; from += logsPerPush) await push(logs.slice(from, from + logsPerPush))
  return { respond, close }

  async function push(some: Log[]) {
    const pushed = await app.request(`${origin}/otlp/v1/logs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(otlpOf(some)),
    })
    if (!pushed.ok) throw new Error(`the log server refused random logs: ${pushed.status} ${await pushed.text()}`)
  }

  async function respond(request: Request) {
    const { path, headers } = httpOf(request)
    const response = await app.request(`${origin}${path}`, { headers })
    return { status: response.status, body: await response.text() }
  }
}
