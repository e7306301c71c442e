import { describe, expect, test } from 'bun:test'
import { openTestConsole, randomId } from '../testing'
import { findTraces } from './find-traces'

const getRequest = (route: string) => ({ 'http.request.method': 'GET', 'http.route': route })

async function open() {
  const opened = openTestConsole()
  const ids = [randomId(16), randomId(16), randomId(16)]
  const [first = '', second = '', third = ''] = ids
  const root = randomId(8)
  // The spans of both exports end at the same time, so that the duration of the trace is exact.
  const atMs = Date.now()
  await opened.sendSpans(
    'front',
    {
      traceId: first,
      atMs,
      spanId: root,
      name: 'GET /',
      attributes: { ...getRequest('/'), 'cart.size': 3, 'order.total_price': 449.9, 'user.note': 'Ada "the" L' },
    },
    { traceId: second, attributes: getRequest('/b'), durationMs: 700, isError: true },
    { traceId: third, attributes: getRequest('/100%_'), durationMs: 400 },
  )
  await opened.sendSpans('back', { traceId: first, atMs, parentSpanId: root, attributes: getRequest('/api') })
  const found = async (query: string) => {
    const { main } = await opened.get(`/traces?${query}`)
    return ids.flatMap((id, at) => (main.includes(`/traces/${id}"`) ? [at + 1] : []))
  }
  return { ...opened, ids, found }
}

describe('the list of traces', () => {
  test.each<[string, number[]]>([
    ['', [1, 2, 3]],
    ['service=back', [1]],
    ['service=ack', []],
    ['service=ront&route=GET+%2Fb', []],
    ['route=GET+%2Fapi', [1]],
    ['service=front&route=GET+%2Fapi', []],
    ['status=error', [2]],
    ['min=300', [2, 3]],
    ['min=nonsense', [1, 2, 3]],
    ['q=cart.size%3D3', [1]],
    ['q=cart.size%3D33', []],
    ['q=order.total_price%3D449.9', [1]],
    ['q=order.total_price%3D449.90', [1]],
    ['q=order.total_price%3D449', []],
    ['q=http.route%3D%2Fb', [2]],
    ['q=user.note%3D%22Ada+the+L%22', []],
    ['q=ada', [1]],
    ['q=%25_', [3]],
    ['q=cart.size%3D3+ada', [1]],
    ['q=cart.size%3D3+%2Fb', []],
    ['q=%27+OR+1%3D1+--', []],
    ['to=1', []],
  ])('with ?%s contains %p', async (query, expected) => {
    const { found } = await open()
    expect(await found(query)).toEqual(expected)
  })

  test('shows duration, spans, statements, errors and services of each trace', async () => {
    const { get, store } = await open()
    const { text, main } = await get('/traces')
    expect(text).toMatch(/GET \/ 10 ms 2 0 front back/)
    expect(text).toMatch(/GET \/b 1 erreur 700 ms 1 0 front/)
    expect(main).toContain('<option value="GET /api">')
    expect(store.services()).toEqual(['back', 'front'])
    expect((await get('/traces?status=error', 'en')).text).toContain('1 error')
  })

  test('continues on the next page without gaps or duplicates', async () => {
    const { sendSpans, get } = openTestConsole()
    const ids = Array.from({ length: 120 }, () => randomId(16))
    for (const traceId of ids) await sendSpans('shop', { traceId, attributes: getRequest('/') })
    const seen: string[] = []
    for (let path: string | undefined = '/traces?service=shop'; path; ) {
      const { main } = await get(path)
      seen.push(...[...main.matchAll(/\/traces\/([0-9a-f]{32})"/g)].map(([, id = '']) => id))
      path = /href="(\/traces\?[^"]*before=\d+)"/.exec(main)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen).toHaveLength(120)
    expect(new Set(seen)).toEqual(new Set(ids))
  })

  test('has no link to older traces on the last page', async () => {
    const { sendSpans, get } = openTestConsole()
    for (let n = 0; n < 50; n++) await sendSpans('shop', { traceId: randomId(16), attributes: getRequest('/') })
    expect((await get('/traces')).text).not.toContain('Plus anciens')
    await sendSpans('shop', { traceId: randomId(16), attributes: getRequest('/') })
    expect((await get('/traces')).text).toContain('Plus anciens')
    expect((await get(`/traces?q=${'x'.repeat(60_000)}`)).status).toBe(200)
  })

  test('stops a long search, which the next call continues', async () => {
    const { store } = openTestConsole()
    const traces = Array.from(
      { length: 30_000 },
      (_, n) => `(${n + 1}, 'id${n}', 1, 1, 'shop', 'GET', 1, 1, 0, 0, 'shop\t\n', 0)`,
    )
    store.db.run(`INSERT INTO traces VALUES ${traces.join(',')}`)
    const filling = 'x'.repeat(2000)
    store.db.run(
      `INSERT INTO spans SELECT id, 's', '', 1, 'GET', 1, 1, 1, 0, '{"filling":"${filling}"}', '{}' FROM traces`,
    )
    const before = process.cpuUsage()
    let { nextBeforeId, isTimedOut, traces: found } = findTraces(store.db, { text: 'nowhere-in-it' })
    for (let calls = 0; isTimedOut && calls < 100; calls++) {
      const more = findTraces(store.db, { text: 'nowhere-in-it', ...(nextBeforeId && { beforeId: nextBeforeId }) })
      expect(more.nextBeforeId ?? 0).toBeLessThan(nextBeforeId ?? Number.POSITIVE_INFINITY)
      ;({ nextBeforeId, isTimedOut, traces: found } = more)
    }
    expect([found, nextBeforeId, isTimedOut]).toEqual([[], undefined, false])
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(20_000)
  })

  test('shows how to send traces while there are none, and a message if no trace matches the filter', async () => {
    const { get } = openTestConsole()
    expect((await get('/traces')).text).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318')
    expect((await get('/traces?q=nothing')).text).toContain('Rien ne correspond à ces filtres.')
  })
})
