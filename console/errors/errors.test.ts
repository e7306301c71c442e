import { describe, expect, test } from 'bun:test'
import { openTestConsole, randomId, visibleText } from '../testing'

const minute = 60_000
const stack = `TypeError: no stock
    at internal (node:internal/process:1:1)
    at reserve (/app/reserve.ts:4:1)
    at pay (/app/pay.ts:9:9)`

describe('the errors page', () => {
  test('groups errors by service, type and first stack frame in own code, and counts them', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', thrown(), thrown(), thrown({ 'exception.message': 'none left' }))
    await sendLogs('shop', thrown({ 'exception.type': 'RangeError' }))
    await sendLogs('users', thrown())
    const groups = groupsOf(await get('/errors'))
    expect(groups).toHaveLength(3)
    const [group = ''] = groups.filter((text) => text.startsWith(' TypeError') && text.includes(' shop '))
    expect(group).toContain('reserve (/app/reserve.ts:4:1) shop 3 fois')
    expect(group).toContain('none left')
  })

  test('sorts groups by last seen, and shows when each was first and last seen', async () => {
    const { get, sendLogs } = openTestConsole()
    const at = (minutes: number) => Date.now() - minutes * minute
    await sendLogs('shop', thrown({ 'exception.type': 'Often' }, at(50)), thrown({ 'exception.type': 'Often' }, at(2)))
    await sendLogs('shop', thrown({ 'exception.type': 'Old' }, at(7)))
    const [often = '', old = ''] = groupsOf(await get('/errors'))
    expect(often).toMatch(/^ Often .*la dernière il y a 2 min la première il y a 50 min/)
    expect(old).toMatch(/^ Old .*la dernière il y a 7 min la première il y a 7 min/)
  })

  test('shows a badge for groups that were first seen within five minutes', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', thrown({ 'exception.type': 'Fresh' }, Date.now() - 4 * minute))
    await sendLogs('shop', thrown({ 'exception.type': 'Older' }, Date.now() - 6 * minute))
    await sendLogs('shop', thrown({ 'exception.type': 'Older' }))
    const [older = '', fresh = ''] = groupsOf(await get('/errors'))
    expect(fresh).toContain('Fresh nouveau')
    expect(older).not.toContain('nouveau')
  })

  test('links to the span of the last error while its trace is stored', async () => {
    const { get, sendLogs, sendSpans } = openTestConsole()
    const traceId = randomId(16)
    await sendLogs('shop', { ...thrown(), traceId, spanId: '00f067aa0ba902b7' })
    expect((await get('/errors')).text).toContain('sa trace n’est pas ici')
    await sendSpans('shop', { traceId, spanId: '00f067aa0ba902b7' })
    expect((await get('/errors')).main).toContain(`href="/traces/${traceId}#s-00f067aa0ba902b7"`)
  })

  test('shows failed spans, with their exception event if they have one', async () => {
    const { get, sendSpans } = openTestConsole()
    const route = { 'http.request.method': 'POST', 'http.route': '/pay', 'error.type': '503' }
    await sendSpans('shop', { traceId: randomId(16), isError: true, attributes: route })
    const events = [{ name: 'exception', attributes: thrown().attributes }]
    await sendSpans('shop', { traceId: randomId(16), isError: true, events })
    await sendSpans('shop', { traceId: randomId(16), attributes: { 'http.route': '/fine' } })
    const groups = groupsOf(await get('/errors'))
    expect(groups).toHaveLength(2)
    expect(groups.join()).toMatch(/503 nouveau POST \/pay/)
    expect(groups.join()).toContain('reserve (/app/reserve.ts:4:1)')
  })

  test('shows the stack unchanged', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', thrown())
    expect((await get('/errors')).main).toContain(`<pre>${stack}</pre>`)
  })

  test('filters by service', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', thrown({ 'exception.type': 'Shops' }))
    await sendLogs('a & b', thrown({ 'exception.type': 'Ours' }))
    const { main } = await get('/errors')
    expect(main).toContain('href="/errors?service=a+%26+b"')
    const page = await get('/errors?service=a+%26+b')
    expect(groupsOf(page)).toEqual([expect.stringContaining('Ours')])
    expect(page.main).toMatch(/aria-current="page">a &amp; b</)
    expect((await get('/errors?service=other')).text).toContain('Rien ne correspond')
  })

  test('shows 200 groups and the number of all', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', ...Array.from({ length: 230 }, (_, index) => thrown({ 'exception.type': `E${index}` })))
    const page = await get('/errors')
    expect(groupsOf(page)).toHaveLength(200)
    expect(page.text).toContain('Les 200 dernières, sur 230 groupes.')
  })

  test('escapes the text that services send', async () => {
    const { get, sendLogs } = openTestConsole()
    const evil = '"><script>alert(1)</script>'
    const attributes = { 'exception.type': evil, 'exception.message': evil, 'exception.stacktrace': `    at ${evil}` }
    await sendLogs(evil, thrown(attributes))
    const { html, text } = await get('/errors')
    expect(html).not.toContain('<script>alert')
    expect(text.split(evil).length).toBeGreaterThan(4)
  })

  test('is in English when the client prefers it', async () => {
    const { get, sendLogs } = openTestConsole()
    await sendLogs('shop', thrown())
    expect((await get('/errors', 'en')).text).toMatch(/TypeError new .* once last \d s ago/)
  })

  test('shows that there are no errors, or how to send telemetry when none has arrived', async () => {
    const { get, sendSpans } = openTestConsole()
    expect((await get('/errors')).text).toContain('OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318')
    await sendSpans('shop', { traceId: randomId(16) })
    const { text } = await get('/errors')
    expect(text).toContain('Aucune erreur')
    expect(text).toContain('statut ERROR')
    expect((await get('/errors', 'en')).text).toContain('No errors')
  })

  test('refreshes when traces or logs arrive', async () => {
    expect((await openTestConsole().get('/errors')).html).toContain('data-live="traces logs"')
  })
})

function thrown(attributes: Record<string, string> = {}, atMs = Date.now()) {
  const defaults = { 'exception.type': 'TypeError', 'exception.message': 'no stock', 'exception.stacktrace': stack }
  return { atMs, severity: 17, body: 'failed', attributes: { ...defaults, ...attributes } }
}

function groupsOf({ main }: { main: string }): string[] {
  return [...main.matchAll(/<article class="panel fault".*?<\/article>/gs)].map(([group]) => visibleText(group))
}
