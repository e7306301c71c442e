import { expect, test } from 'bun:test'
import { matchers, recordTelemetry } from '@vitrine/telemetry/testing'
import { Hono } from 'hono'
import { clientAddress, clientAddressHeader, clientKey, currentClientAddress } from './client-address'
import { createService } from './service'
import { serviceClient } from './service-client'
import { loadTestBaggageKey } from './telemetry'

expect.extend(matchers)

const proxies = new Set(['10.0.0.1', '10.0.0.2'])

async function addressFor(socket: string | null, forwarded?: string): Promise<string> {
  const app = new Hono().get('/', (c) => c.text(clientAddress(c, proxies) ?? 'undefined'))
  const server = { requestIP: () => (socket === null ? null : { address: socket }) }
  const headers: Record<string, string> = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded }
  return (await app.request('/', { headers }, server)).text()
}

test('without a trusted proxy the client address is the address of the socket', async () => {
  expect(await addressFor('203.0.113.9')).toBe('203.0.113.9')
  expect(await addressFor('203.0.113.9', '198.51.100.7')).toBe('203.0.113.9')
  expect(await addressFor('::ffff:203.0.113.9')).toBe('203.0.113.9')
})

test('behind trusted proxies the client address is the last forwarded address that is not a trusted proxy', async () => {
  expect(await addressFor('10.0.0.1', '198.51.100.7')).toBe('198.51.100.7')
  expect(await addressFor('::ffff:10.0.0.1', '6.6.6.6, 198.51.100.7, 10.0.0.2')).toBe('198.51.100.7')
  expect(await addressFor('10.0.0.1', '2001:db8::7')).toBe('2001:db8::7')
})

test.each([
  ['198.51.100.7:4711', '198.51.100.7'],
  ['[2001:db8::7]:4711', '2001:db8::7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['198.51.100.7:1, 10.0.0.2:2', '198.51.100.7'],
  ['198.51.100.7, unknown', '10.0.0.1'],
  ['a1', '10.0.0.1'],
])('the hops %j are the client %s', async (forwarded, address) => {
  expect(await addressFor('10.0.0.1', forwarded)).toBe(address)
})

test('a proxy that forwards no other address is the client', async () => {
  expect(await addressFor('10.0.0.1')).toBe('10.0.0.1')
  expect(await addressFor('10.0.0.1', ' , ')).toBe('10.0.0.1')
  expect(await addressFor('10.0.0.1', '10.0.0.2')).toBe('10.0.0.1')
})

test('without a socket the client address is undefined', async () => {
  expect(await addressFor(null)).toBe('undefined')
  const app = new Hono().get('/', (c) => c.text(clientAddress(c, proxies) ?? 'undefined'))
  expect(await (await app.request('/', { headers: { 'X-Forwarded-For': '1.2.3.4' } })).text()).toBe('undefined')
})

test('a span has the network of the client behind the proxy, and no signal has the whole address', async () => {
  const seen = recordTelemetry()
  const app = createService({ telemetry: seen.telemetry('small'), serviceKey: 'k', trustedProxies: proxies })
  app.get('/', (c) => c.text('ok'))
  const headers = { 'X-Forwarded-For': '198.51.100.77' }

  await app.request('/', { headers }, { requestIP: () => ({ address: '10.0.0.1' }) })

  expect(seen.span('GET /')).toHaveAttributes({ 'client.address': '198.51.100.0' })
  expect(JSON.stringify([seen.span('GET /').attributes, seen.lines()])).not.toContain('198.51.100.77')
})

test('span and log have the load test from the baggage of a trusted proxy only', async () => {
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

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as the client %s', (address, key) => {
  expect(clientKey(address)).toBe(key)
})

test('services pass the client address on, and accept it only with the service key', async () => {
  const seen = recordTelemetry()
  const service = (name: string) => createService({ telemetry: seen.telemetry(name), serviceKey: 'k' })
  const last = service('last').get('/', (c) => c.json(currentClientAddress() ?? 'undefined'))
  const client = (name: string, app: { fetch: (request: Request) => Response | Promise<Response> }) =>
    serviceClient<typeof last>({
      telemetry: seen.telemetry(name),
      serviceKey: 'k',
      peer: 'next',
      url: 'http://next',
      fetch: (request) => app.fetch(request),
    })
  const toLast = client('middle', last)
  const middle = service('middle').get('/', async (c) => c.json(await (await toLast.index.$get()).json()))
  const toMiddle = client('first', middle)
  const first = service('first').get('/', async (c) => c.json(await (await toMiddle.index.$get()).json()))
  const socket = { requestIP: () => ({ address: '203.0.113.9' }) }
  const addressAt = async (headers: Record<string, string>) => (await first.request('/', { headers }, socket)).json()

  expect(await addressAt({})).toBe('203.0.113.9')
  expect(await addressAt({ [clientAddressHeader]: '198.51.100.1' })).toBe('203.0.113.9')
  expect(await addressAt({ [clientAddressHeader]: '198.51.100.1', 'X-Service-Key': 'wrong' })).toBe('203.0.113.9')
  expect(await addressAt({ [clientAddressHeader]: '198.51.100.1', 'X-Service-Key': 'k' })).toBe('198.51.100.1')
  expect(await addressAt({ [clientAddressHeader]: 'no address', 'X-Service-Key': 'k' })).toBe('undefined')
  expect(JSON.stringify([seen.spans(), seen.lines()])).not.toContain('203.0.113.9')
})
