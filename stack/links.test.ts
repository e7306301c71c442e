import { afterAll, describe, expect, test } from 'bun:test'
import { createStackLinks } from './links'

const unreachable = 'http://127.0.0.1:9'
const id = 'a'.repeat(32)
const line = { query: '{service_name="frontend"}', service: 'frontend', text: 'GET / "503"' }
const range = { fromMs: Date.parse('2026-11-25T10:00:00Z'), toMs: Date.parse('2026-11-25T10:02:30Z') }

const servers: ReturnType<typeof Bun.serve>[] = []
afterAll(() => Promise.all(servers.map((server) => server.stop(true))))

/** Starts a server with only these pages. */
function startServer(pages: Record<string, object>): string {
  const fetch = ({ url }: Request) => {
    const page = pages[new URL(url).pathname]
    return page ? Response.json(page) : new Response('no such page', { status: 404 })
  }
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch })
  servers.push(server)
  return server.url.origin
}

const startConsole = () => startServer({ '/ready': { console: 'vitrine' } })
const allUnreachable = {
  jaeger: unreachable,
  prometheus: unreachable,
  loki: unreachable,
  collector: unreachable,
  console: unreachable,
  grafana: unreachable,
}

describe('links', () => {
  test('lead to the console of the native stack', async () => {
    const console = startConsole()
    const pages = await createStackLinks({ ...allUnreachable, isNative: true, console })
    expect(pages.trace(id)).toBe(`${console}/traces/${id}`)
    expect(pages.logs({ ...line, traceId: id }, range)).toBe(`${console}/logs?trace=${id}`)
    expect(pages.logs(line, range)).toBe(`${console}/logs?service=frontend&q=%22GET+%2F+503%22`)
  })

  test('lead to the console that receives OTLP, without a stack', async () => {
    const collector = startConsole()
    expect((await createStackLinks({ ...allUnreachable, isNative: false, collector })).trace(id)).toBe(
      `${collector}/traces/${id}`,
    )
  })

  test('lead to the APIs of a native stack without a console and without Prometheus’ pages', async () => {
    const pages = await createStackLinks({ ...allUnreachable, isNative: true })
    expect(pages.trace(id)).toBe(`${unreachable}/api/traces/${id}`)
    expect(pages.logs(line, range)).toStartWith(`${unreachable}/loki/api/v1/query_range?query=%7Bservice_name`)
    const graph = new URL(pages.graph('up == 0', range))
    expect(graph.pathname).toBe('/api/v1/query_range')
    expect(Object.fromEntries(graph.searchParams)).toEqual({
      ...{ query: 'up == 0', start: '1795600800', end: '1795600950', step: '5s' },
    })
  })

  test('lead to the pages of Jaeger, Grafana and Prometheus with the official images', async () => {
    const grafana = startServer({ '/api/health': {} })
    const prometheus = startServer({ '/query': {} })
    const pages = await createStackLinks({ ...allUnreachable, isNative: false, grafana, prometheus })
    expect(pages.trace(id)).toBe(`${unreachable}/trace/${id}`)
    const explore = new URL(pages.logs(line, range))
    expect(explore.origin + explore.pathname).toBe(`${grafana}/explore`)
    expect(JSON.parse(explore.searchParams.get('panes') ?? '')).toMatchObject({
      a: { queries: [{ expr: line.query, datasource: { uid: 'loki' } }], range: { from: String(range.fromMs) } },
    })
    const graph = new URL(pages.graph('up == 0', range))
    expect(graph.origin + graph.pathname).toBe(`${prometheus}/query`)
    expect(graph.searchParams.get('g0.range_input')).toBe('3m')
  })

  test('to log lines lead to Loki when no Grafana runs', async () => {
    const pages = await createStackLinks({ ...allUnreachable, isNative: false })
    expect(pages.logs(line, range)).toStartWith(`${unreachable}/loki/api/v1/query_range?`)
  })
})
