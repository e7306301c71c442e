import { describe, expect, test } from 'bun:test'
import { openTestConsole, randomId } from '../testing'
import { buildSpanTree, type TraceSpan } from './span-tree'

function span(id: string, parentId: string, startUs: number, durationUs: number): TraceSpan {
  return {
    ...{ spanId: id, parentId, service: 'shop', name: id, kind: 1, startUs, durationUs, isError: false },
    ...{ statusMessage: '', attributes: {}, resource: '{}', events: [], links: [], scope: '' },
    ...{ depth: 0, selfUs: durationUs, isCritical: false, isOrphan: false, descendantCount: 0 },
  }
}

describe('buildSpanTree', () => {
  test('orders spans by parent and start, with self time and number of descendants', () => {
    const { spans } = buildSpanTree([
      span('root', '', 0, 100),
      span('first', 'root', 10, 30),
      span('inner', 'first', 15, 10),
      span('overlapping', 'root', 30, 30),
      span('beyond', 'root', 90, 30),
    ])

    expect(spans.map(({ name, depth, selfUs, descendantCount }) => [name, depth, selfUs, descendantCount])).toEqual([
      ['root', 0, 40, 4],
      ['first', 1, 20, 1],
      ['inner', 2, 10, 0],
      ['overlapping', 1, 30, 0],
      ['beyond', 1, 30, 0],
    ])
  })

  test('finds the critical path', () => {
    const { spans } = buildSpanTree([
      span('root', '', 0, 100),
      span('early', 'root', 0, 20),
      span('short', 'root', 20, 30),
      span('long', 'root', 20, 60),
      span('in long', 'long', 30, 50),
      span('in short', 'short', 20, 30),
    ])

    expect(spans.filter(({ isCritical }) => isCritical).map(({ name }) => name)).toEqual([
      'root',
      'early',
      'long',
      'in long',
    ])
  })

  test('has calls in the critical path that end shortly after their caller, but not those that start after it', () => {
    const { spans } = buildSpanTree([
      span('root', '', 0, 100),
      span('late', 'root', 10, 92),
      span('after', 'root', 101, 50),
    ])

    expect(spans.filter(({ isCritical }) => isCritical).map(({ name }) => name)).toEqual(['root', 'late'])
  })

  test('reports missing parents, and ends if parents form a circle', () => {
    const { spans, missingParentIds } = buildSpanTree([
      span('orphan', 'lost', 0, 1),
      span('a', 'b', 1, 1),
      span('b', 'a', 2, 1),
    ])

    expect(missingParentIds).toEqual(['lost'])
    expect(spans.map(({ name, isOrphan }) => [name, isOrphan])).toEqual([
      ['orphan', true],
      ['a', false],
      ['b', false],
    ])
  })

  test('arranges deep and wide traces', () => {
    const deep = Array.from({ length: 20_000 }, (_, n) => span(`d${n}`, n === 0 ? '' : `d${n - 1}`, n, 40_000 - n))
    const wide = Array.from({ length: 20_000 }, (_, n) => span(`w${n}`, 'd0', n, 1))

    expect(buildSpanTree([...deep, ...wide]).spans).toHaveLength(40_000)
    expect(deep[0]?.descendantCount).toBe(39_999)
  })
})

describe('the page of a trace', () => {
  async function open() {
    const opened = openTestConsole()
    const [traceId, root, call] = [randomId(16), randomId(8), randomId(8)]
    const sql = { 'db.system.name': 'sqlite', 'db.query.summary': 'SELECT carts', 'db.query.text': 'select 1' }
    await opened.sendSpans(
      'front',
      { traceId, spanId: root, name: '<b>GET</b>', attributes: { 'user.note': '<script>alert(1)</script>' } },
      { traceId, spanId: call, parentSpanId: root, kind: 3, attributes: { 'service.peer.name': 'back' } },
    )
    await opened.sendSpans('back', {
      traceId,
      parentSpanId: 'aaaaaaaaaaaaaaaa',
      name: 'lost',
      isError: true,
      attributes: { 'error.type': 'Odd' },
    })
    for (let n = 0; n < 5; n++)
      await opened.sendSpans('back', { traceId, parentSpanId: call, kind: 3, name: 'SELECT carts', attributes: sql })
    await opened.sendLogs('back', {
      body: 'out of stock',
      traceId,
      spanId: call,
      severity: 17,
      attributes: { 'exception.stacktrace': 'Odd: no\n    at pay (/app/pay.ts:1:1)' },
    })
    return { ...opened, traceId, root }
  }

  test('shows spans, notices and logs as escaped text', async () => {
    const { get, traceId } = await open()
    const { main, text } = await get(`/traces/${traceId}`)

    expect(main).not.toMatch(/<script>alert|<b>GET/)
    expect(text).toContain('<script>alert(1)</script>')
    expect(text).toContain('GET → back')
    expect(text).toMatch(/1 span parent manque/)
    expect(text).toMatch(/N\+1 5 fois « SELECT carts »/)
    expect(text).toContain('at pay (/app/pay.ts:1:1)')
    expect(text).toContain('1 erreur')
    expect((await get(`/traces/${traceId}`, 'en')).text).toContain('1 parent span is missing')
  })

  test('highlights the spans that match a search, also without JavaScript', async () => {
    const { get, traceId } = await open()
    const { main, text } = await get(`/traces/${traceId}?q=peer.name%3Dback`)

    expect(main.match(/<li [^>]*class="[^"]*match/g)).toHaveLength(1)
    expect(main.match(/<li [^>]*class="[^"]*other/g)).toHaveLength(7)
    expect(text).toContain('1 span trouvé')
  })

  test('exports OTLP/JSON that can be imported without a change', async () => {
    const { get, post, store, traceId } = await open()
    const body = JSON.parse((await get(`/traces/${traceId}.json`)).html)
    const other = openTestConsole()
    expect((await other.post('traces', body)).status).toBe(200)

    const columns = 'span_id, parent_id, name, kind, start_us, duration_us, status, attributes'
    const spans = (of: typeof store) => of.db.query(`SELECT ${columns} FROM spans ORDER BY span_id`).all()
    expect(spans(other.store)).toEqual(spans(store))
    expect((await post('traces', body)).status).toBe(200)
    expect(store.counts.spans).toBe(8)
  })

  test('exports Markdown', async () => {
    const { get, traceId } = await open()

    expect((await get(`/traces/${traceId}.md`)).html).toContain('  - front `GET` ')
  })

  test('has status 404 for an unknown trace, and reloads a limited number of times', async () => {
    const { get } = await open()
    const id = randomId(16)

    const first = await get(`/traces/${id}`)
    expect(first.status).toBe(404)
    expect(first.html).toContain(`<meta http-equiv="refresh" content="1; url=/traces/${id}?look=1"`)
    expect((await get(`/traces/${id}?look=5`)).html).not.toContain('http-equiv="refresh"')
    expect((await get('/traces/nothing')).status).toBe(404)
  })
})
