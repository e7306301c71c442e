import { expect, test } from 'bun:test'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import { createResponseCache } from './response-cache'
import { serviceClient } from './service-client'

const get = { headers: new Headers() }
const tagged = (etag: string) => ({ status: 200, ok: true, headers: new Headers({ etag }), content: { etag } })

test('a full cache evicts the response that was not used for the longest time', () => {
  const cache = createResponseCache(2)
  cache.store('/a', get, tagged('"a1"'))
  cache.store('/b', get, tagged('"b1"'))
  cache.get('/a', get)

  cache.store('/a', get, tagged('"a2"'))
  cache.store('/c', get, tagged('"c1"'))

  expect(['/a', '/b', '/c'].map((url) => cache.get(url, get)?.etag)).toEqual(['"a2"', undefined, '"c1"'])
})

test('a retry does not send the ETag of a response that was evicted meanwhile', async () => {
  const sentTags: (string | null)[] = []
  const statuses = [200, 500]
  const client = serviceClient({
    telemetry: recordTelemetry().telemetry('near'),
    serviceKey: 'key',
    peer: 'far',
    url: 'http://far',
    async fetch({ url, headers }) {
      if (!url.endsWith('/hot')) return Response.json({}, { headers: { ETag: '"other"' } })
      sentTags.push(headers.get('if-none-match'))
      const status = statuses.shift() ?? (headers.has('if-none-match') ? 304 : 200)
      // Other requests fill the cache meanwhile.
      if (status === 500) for (let n = 0; n < 200; n++) await (client as Client).other?.[n]?.$get()
      return status === 304 ? new Response(null, { status }) : Response.json({}, { status, headers: { ETag: '"hot"' } })
    },
  })
  const hot = () => (client as Client).hot?.$get()

  await hot()
  const response = await hot()

  expect(sentTags).toEqual([null, '"hot"', null])
  expect(response?.status).toBe(200)
})

type Client = Record<string, { $get(): Promise<Response> } & Record<string, { $get(): Promise<Response> }>>
