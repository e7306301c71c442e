import { describe, expect, test } from 'bun:test'
import { annotationEventNames } from '../../console/annotations/find-annotations'
import { viewsSchema } from '../../console/views'
import { dashboardPath, dashboards } from '.'
import { annotations } from './annotations'
import { lintDashboard } from './lint'
import { prometheusNames } from './metric-names'
import { type Dashboard, panelQueriesOf } from './queries'

/** As Grafana reads them: without `undefined` fields. */
const parsed: Record<string, Dashboard> = JSON.parse(JSON.stringify(dashboards()))

describe.each(Object.keys(parsed))('the dashboard %s', (name) => {
  const dashboard = parsed[name] as Dashboard

  test('is committed as generated (otherwise run bun run generate)', async () => {
    expect(await Bun.file(dashboardPath(name)).json()).toEqual(dashboard)
  })

  test('passes the linter', () => {
    expect(lintDashboard(dashboard)).toEqual([])
  })

  test('fills its rows to the last column', () => {
    const ends = (dashboard.panels ?? []).map(({ gridPos }) => (gridPos ? gridPos.x + gridPos.w : 0))
    expect(Math.max(...ends)).toBe(24)
    expect(ends.at(-1)).toBe(24)
  })
})

test('titles and uids are unique', () => {
  const all = Object.values(parsed)
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length)
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length)
})

test('titles and descriptions are in English', () => {
  const texts = Object.values(parsed).flatMap(({ title, panels = [] }) => [
    title,
    ...panels.flatMap((panel) => [panel.title ?? '', panel.description ?? '']),
  ])
  expect(texts.filter((text) => /[«»à-ÿ]| [:;!?%]|\.\.\./.test(text))).toEqual([])
})

test('the services dashboard has panels of all three data sources', () => {
  const ofPanels = { ...(parsed.services as Dashboard), annotations: undefined }
  expect(new Set(panelQueriesOf(ofPanels).map(({ kind }) => kind))).toEqual(new Set(['promql', 'logql', 'jaeger']))
})

test('the console draws the same events as annotations', async () => {
  const drawn = annotations().flatMap((one) => /event_name=~"([^"]*)"/.exec(one.build().expr ?? '')?.[1] ?? [])
  expect(drawn).toHaveLength(2)
  const { annotations: annotationKinds } = viewsSchema.parse(
    await Bun.file(`${import.meta.dir}/../console.json`).json(),
  )
  const isDrawn = new RegExp(`^(${drawn.map((pattern) => pattern.replaceAll('\\\\', '\\')).join('|')})$`)
  expect(annotationEventNames(annotationKinds).filter((name) => !isDrawn.test(name))).toEqual([])
  expect(annotationEventNames(annotationKinds)).toHaveLength(5)
})

test('queries have their variables interpolated and are marked when they may be empty', () => {
  const queries = Object.values(parsed).flatMap((dashboard) => panelQueriesOf(dashboard, { __rate_interval: '20s' }))
  expect(queries.filter(({ query }) => query.includes('$') && !/"\$\d"/.test(query))).toEqual([])
  expect(queries.some(({ query }) => query.includes('[20s]'))).toBeTrue()
  const mayBeEmpty = new Set(queries.filter((one) => one.mayBeEmpty).map(({ panel }) => panel))
  expect([...mayBeEmpty].sort()).toEqual(
    [
      '95th percentile measured by the client, by step',
      'Firing alerts',
      'Conversion',
      'Conversion and checkout duration',
      'Deployments',
      'Error logs',
      'Injected faults',
      'Finished and dropped iterations',
      'Load tests',
      'Failed traces',
      'Dropped telemetry',
    ].sort(),
  )
  const [search] = queries.filter(({ kind }) => kind === 'jaeger')
  expect(Object.fromEntries(new URLSearchParams(search?.query))).toEqual({
    service: 'frontend',
    tags: '{"error":"true"}',
    limit: '20',
  })
})

test('exports to a developer’s console are not in the collector’s balance', () => {
  const ofExporters = panelQueriesOf(parsed.stack as Dashboard).flatMap(
    ({ query }) => query.match(/otelcol_exporter_\w+(\{[^}]*\})?/g) ?? [],
  )
  expect(ofExporters.length).toBeGreaterThan(10)
  expect(ofExporters.filter((one) => !one.includes('exporter!="otlp_http/console"'))).toEqual([])
  const through = panelQueriesOf(parsed.stack as Dashboard).filter(({ query }) => query.includes('incoming_items'))
  expect(through.map(({ query }) => query.match(/\{.*?\}/)?.[0])).toEqual([
    '{processor="redaction/stored"}',
    '{processor="redaction", otel_signal="logs"}',
    '{processor="redaction", otel_signal="metrics"}',
  ])
})

test('metric names follow UnderscoreEscapingWithSuffixes', () => {
  const common = { description: '' }
  expect(prometheusNames({ ...common, kind: 'counter', name: 'process.cpu.time', unit: 's' })).toEqual([
    'process_cpu_time_seconds_total',
  ])
  expect(prometheusNames({ ...common, kind: 'upDownCounter', name: 'process.memory.usage', unit: 'By' })).toEqual([
    'process_memory_usage_bytes',
  ])
  expect(prometheusNames({ ...common, kind: 'gauge', name: 'product.stock', unit: '{piece}' })).toEqual([
    'product_stock',
  ])
  expect(
    prometheusNames({ ...common, kind: 'histogram', name: 'orders.basket.value', unit: 'EUR', buckets: [1] })[0],
  ).toBe('orders_basket_value_EUR_bucket')
})
