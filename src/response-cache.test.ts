import { expect, test } from 'bun:test'
import { recordTelemetry } from '@vitrine/telemetry/testing'
import { createResponseCache } from './response-cache'
import { serviceClient } from './service-client'

const get = { headers: new Headers() }
const tagged = (etag: string) => ({ status: 200, ok: true, headers: new Headers({ etag }), content: { etag } })

test('of more answers than may be kept, those that were asked for last are', () => {
  const kept = createResponseCache(2)
  kept.keep('/a', get, tagged('"a1"'))
  kept.keep('/b', get, tagged('"b1"'))
  kept.of('/a', get)

  kept.keep('/a', get, tagged('"a2"'))
  kept.keep('/c', get, tagged('"c1"'))

  expect(['/a', '/b', '/c'].map((url) => kept.of(url, get)?.etag)).toEqual(['"a2"', undefined, '"c1"'])
})

test('a second try does not ask by the tag of an answer that is gone meanwhile', async () => {
  const asked: (string | null)[] = []
  const answers = [200, 500]
  const client = serviceClient({
    telemetry: recordTelemetry().telemetry('near'),
    serviceKey: 'key',
    peer: 'far',
    url: 'http://far',
    async fetch({ url, headers }) {
      if (!url.endsWith('/hot')) return Response.json({}, { headers: { ETag: '"other"' } })
      asked.push(headers.get('if-none-match'))
      const status = answers.shift() ?? (headers.has('if-none-match') ? 304 : 200)
      // Meanwhile everybody asks for something else.
      if (status === 500) for (let n = 0; n < 200; n++) await (client as Client).other?.[n]?.$get()
      return status === 304 ? new Response(null, { status }) : Response.json({}, { status, headers: { ETag: '"hot"' } })
    },
  })
  const hot = () => (client as Client).hot?.$get()

  await hot()
  const answer = await hot()

  expect(asked).toEqual([null, '"hot"', null])
  expect(answer?.status).toBe(200)
})

type Client = Record<string, { $get(): Promise<Response> } & Record<string, { $get(): Promise<Response> }>>
