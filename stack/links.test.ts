import { afterAll, describe, expect, test } from 'bun:test'
import { createStackLinks } from './links'

const nowhere = 'http://127.0.0.1:9'
const id = 'a'.repeat(32)
const line = { query: '{service_name="frontend"}', service: 'frontend', text: 'GET / "503"' }
const range = { fromMs: Date.parse('2026-11-25T10:00:00Z'), toMs: Date.parse('2026-11-25T10:02:30Z') }

const servers: ReturnType<typeof Bun.serve>[] = []
afterAll(() => Promise.all(servers.map((server) => server.stop(true))))

/** A server with these pages, and no others. */
function serving(pages: Record<string, object>): string {
  const fetch = ({ url }: Request) => {
    const page = pages[new URL(url).pathname]
    return page ? Response.json(page) : new Response('no such page', { status: 404 })
  }
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch })
  servers.push(server)
  return server.url.origin
}

const aConsole = () => serving({ '/ready': { console: 'vitrine' } })
const all = {
  jaeger: nowhere,
  prometheus: nowhere,
  loki: nowhere,
  collector: nowhere,
  console: nowhere,
  grafana: nowhere,
}

describe('a link', () => {
  test('leads to the console that stands beside the collector of the native stack', async () => {
    const console = aConsole()
    const pages = await createStackLinks({ ...all, isNative: true, console })
    expect(pages.trace(id)).toBe(`${console}/traces/${id}`)
    expect(pages.logs({ ...line, traceId: id }, range)).toBe(`${console}/logs?trace=${id}`)
    expect(pages.logs(line, range)).toBe(`${console}/logs?service=frontend&q=%22GET+%2F+503%22`)
  })

  test('leads to the console of bun run dev, which is the receiver, without any stack', async () => {
    const collector = aConsole()
    expect((await createStackLinks({ ...all, isNative: false, collector })).trace(id)).toBe(`${collector}/traces/${id}`)
  })

  test('leads to the APIs natively, where no console runs and Prometheus has no pages', async () => {
    const pages = await createStackLinks({ ...all, isNative: true })
    expect(pages.trace(id)).toBe(`${nowhere}/api/traces/${id}`)
    expect(pages.logs(line, range)).toStartWith(`${nowhere}/loki/api/v1/query_range?query=%7Bservice_name`)
    const curve = new URL(pages.graph('up == 0', range))
    expect(curve.pathname).toBe('/api/v1/query_range')
    expect(Object.fromEntries(curve.searchParams)).toEqual({
      ...{ query: 'up == 0', start: '1795600800', end: '1795600950', step: '5s' },
    })
  })

  test('leads to the pages of Jaeger, Grafana and Prometheus, where these are the official images', async () => {
    const grafana = serving({ '/api/health': {} })
    const prometheus = serving({ '/query': {} })
    const pages = await createStackLinks({ ...all, isNative: false, grafana, prometheus })
    expect(pages.trace(id)).toBe(`${nowhere}/trace/${id}`)
    const explore = new URL(pages.logs(line, range))
    expect(explore.origin + explore.pathname).toBe(`${grafana}/explore`)
    expect(JSON.parse(explore.searchParams.get('panes') ?? '')).toMatchObject({
      a: { queries: [{ expr: line.query, datasource: { uid: 'loki' } }], range: { from: String(range.fromMs) } },
    })
    const curve = new URL(pages.graph('up == 0', range))
    expect(curve.origin + curve.pathname).toBe(`${prometheus}/query`)
    expect(curve.searchParams.get('g0.range_input')).toBe('3m')
  })

  test('to lines leads to Loki where no Grafana runs', async () => {
    const pages = await createStackLinks({ ...all, isNative: false })
    expect(pages.logs(line, range)).toStartWith(`${nowhere}/loki/api/v1/query_range?`)
  })
})
