import { expect, test } from 'bun:test'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import type { Hono } from 'hono'
import { z } from 'zod'
import { DomainError } from '../src/problem'
import { createService } from '../src/service'
import { checkResponses } from './contract'

const refusals = { SOLD: [409, 'It is sold'], LOST: [409, 'It is lost'] } as const
const thing = z.object({ id: z.string() }).meta({ id: 'Thing' })
const contract = {
  title: 'small-service',
  description: 'Small',
  routes: {
    'GET /api/thing': { summary: 'A thing', responses: { 200: thing }, codes: ['SOLD'] },
    'DELETE /api/thing': { summary: 'No thing', responses: { 204: null } },
  },
}

function open(respond: () => Response) {
  const app = createService({ telemetry: recordTelemetry().telemetry('small'), serviceKey: 'key', contract, refusals })
  app.get('/api/thing', respond).delete('/api/thing', respond)
  return { app, differences: checkResponses(app as unknown as Hono, { contract, refusals }) }
}

const json = (body: unknown, status = 200) =>
  Response.json(body, { status, headers: { 'Content-Type': 'application/json' } })
const refuse = (code: string) => () => {
  throw new DomainError(code)
}

test.each([
  ['a described body', () => json({ id: 'x' })],
  ['a described refusal', refuse('SOLD')],
  ['a refusal of every service', refuse('UNAVAILABLE')],
])('%s is as promised', async (_what, respond) => {
  const { app, differences } = open(respond)

  await app.request('/api/thing')
  await app.request('/api/thing', { method: 'HEAD' })
  await app.request('/api/thing', { method: 'OPTIONS' })
  await app.request('/api/thing', { method: 'PUT' })
  await app.request('/api/nowhere')

  expect(differences).toEqual([])
})

test.each([
  ['a missing member', () => json({}), "must have required property 'id'"],
  ['an undeclared member', () => json({ id: 'x', hash: 'y' }), 'must NOT have additional properties'],
  ['another status', () => json({ id: 'x' }, 201), 'status 201 with {"id":"x"} is not described'],
  ['an undeclared code', refuse('LOST'), 'must be equal to one of the allowed values'],
  [
    'another type',
    () => new Response('{"id":"x"}', { headers: { 'Content-Type': 'text/plain' } }),
    'content-type text/plain',
  ],
])('%s is a difference that names the contract', async (_what, respond, difference) => {
  const { app, differences } = open(respond)

  await app.request('/api/thing')

  expect(differences).toHaveLength(1)
  expect(differences[0]).toStartWith('GET /api/thing: ')
  expect(differences[0]).toContain(difference)
})

test('a body where none is described is a difference', async () => {
  const { app, differences } = open(() => new Response('x', { status: 200 }))

  await app.request('/api/thing', { method: 'DELETE' })

  expect(differences[0]).toContain("'DELETE /api/thing' in services/small/contract.ts")
})
