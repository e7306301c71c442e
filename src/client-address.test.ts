import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { Hono } from 'hono'
import { clientAddress } from './client-address'
import { createService } from './service'
import { loadTestBaggageKey } from './telemetry'

expect.extend(matchers)

const proxies = new Set(['10.0.0.1', '10.0.0.2'])

async function seenAs(socket: string | null, forwarded?: string): Promise<string> {
  const app = new Hono().get('/', (c) => c.text(clientAddress(c, proxies) ?? 'nobody'))
  const server = { requestIP: () => (socket === null ? null : { address: socket }) }
  const headers: Record<string, string> = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded }
  return (await app.request('/', { headers }, server)).text()
}

test('the address is the socket’s, whatever a stranger claims', async () => {
  expect(await seenAs('203.0.113.9')).toBe('203.0.113.9')
  expect(await seenAs('203.0.113.9', '198.51.100.7')).toBe('203.0.113.9')
  expect(await seenAs('::ffff:203.0.113.9')).toBe('203.0.113.9')
})

test('behind trusted proxies it is the last address that none of them has', async () => {
  expect(await seenAs('10.0.0.1', '198.51.100.7')).toBe('198.51.100.7')
  expect(await seenAs('::ffff:10.0.0.1', '6.6.6.6, 198.51.100.7, 10.0.0.2')).toBe('198.51.100.7')
  expect(await seenAs('10.0.0.1', '2001:db8::7')).toBe('2001:db8::7')
})

test('a proxy that forwards nobody is the one who asks', async () => {
  expect(await seenAs('10.0.0.1')).toBe('10.0.0.1')
  expect(await seenAs('10.0.0.1', ' , ')).toBe('10.0.0.1')
  expect(await seenAs('10.0.0.1', '10.0.0.2')).toBe('10.0.0.1')
})

test('without a socket nobody is known', async () => {
  expect(await seenAs(null)).toBe('nobody')
  const app = new Hono().get('/', (c) => c.text(clientAddress(c, proxies) ?? 'nobody'))
  expect(await (await app.request('/', { headers: { 'X-Forwarded-For': '1.2.3.4' } })).text()).toBe('nobody')
})

test('a span carries the network of the client behind the proxy, and nothing carries the address', async () => {
  const seen = recordTelemetry()
  const app = createService({ telemetry: seen.telemetry('small'), serviceKey: 'k', trustedProxies: proxies })
  app.get('/', (c) => c.text('ok'))
  const headers = { 'X-Forwarded-For': '198.51.100.77' }

  await app.request('/', { headers }, { requestIP: () => ({ address: '10.0.0.1' }) })

  expect(seen.span('GET /')).toHaveAttributes({ 'client.address': '198.51.100.0' })
  expect(JSON.stringify([seen.span('GET /').attributes, seen.lines()])).not.toContain('198.51.100.77')
})

test('the load test that a request belongs to is taken from a trusted proxy only, and shown', async () => {
  const seen = recordTelemetry()
  const telemetry = seen.telemetry('small', { baggageAttributes: [loadTestBaggageKey] })
  const app = createService({ telemetry, serviceKey: 'k', trustedProxies: proxies })
  app.get('/', (c) => c.text('ok'))
  const headers = { baggage: 'loadtest.run=spike-7,tenant=blue' }

  await app.request('/', { headers }, { requestIP: () => ({ address: '203.0.113.9' }) })
  await app.request('/', { headers }, { requestIP: () => ({ address: '10.0.0.1' }) })

  expect(seen.spans().map(({ attributes }) => attributes['loadtest.run'])).toEqual([undefined, 'spike-7'])
  expect(seen.lines().map((line) => line['loadtest.run'])).toEqual([undefined, 'spike-7'])
  expect(JSON.stringify(seen.spans())).not.toContain('blue')
})
