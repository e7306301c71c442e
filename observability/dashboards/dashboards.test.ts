import { describe, expect, test } from 'bun:test'
import { annotationEventNames } from '../../console/annotations/find-annotations'
import { viewsSchema } from '../../console/views'
import { dashboardPath, dashboards } from '.'
import { annotations } from './annotations'
import { lintDashboard } from './lint'
import { prometheusNames } from './metric-names'
import { type Dashboard, panelQueriesOf } from './queries'

/** As Grafana reads them: what `JSON` can't say is gone. */
const made: Record<string, Dashboard> = JSON.parse(JSON.stringify(dashboards()))

describe.each(Object.keys(made))('the dashboard %s', (name) => {
  const dashboard = made[name] as Dashboard

  test('is committed as it is generated (else: bun run generate)', async () => {
    expect(await Bun.file(dashboardPath(name)).json()).toEqual(dashboard)
  })

  test('has nothing that the linter complains about', () => {
    expect(lintDashboard(dashboard)).toEqual([])
  })

  test('fills its lines to the last column', () => {
    const ends = (dashboard.panels ?? []).map(({ gridPos }) => (gridPos ? gridPos.x + gridPos.w : 0))
    expect(Math.max(...ends)).toBe(24)
    expect(ends.at(-1)).toBe(24)
  })
})

test('dashboards have titles and uids of their own', () => {
  const all = Object.values(made)
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length)
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length)
})

test('titles and descriptions have French typography', () => {
  const texts = Object.values(made).flatMap(({ title, panels = [] }) => [
    title,
    ...panels.flatMap((panel) => [panel.title ?? '', panel.description ?? '']),
  ])
  expect(texts.filter((text) => /['"]| [:;!?%»]|« |\.\.\./.test(text))).toEqual([])
})

test('one page joins the three sources', () => {
  const ofPanels = { ...(made.services as Dashboard), annotations: undefined }
  expect(new Set(panelQueriesOf(ofPanels).map(({ kind }) => kind))).toEqual(new Set(['promql', 'logql', 'jaeger']))
})

test('the console marks what annotations draw', async () => {
  const drawn = annotations().flatMap((one) => /event_name=~"([^"]*)"/.exec(one.build().expr ?? '')?.[1] ?? [])
  expect(drawn).toHaveLength(2)
  const { marks } = viewsSchema.parse(await Bun.file(`${import.meta.dir}/../console.json`).json())
  const isDrawn = new RegExp(`^(${drawn.map((pattern) => pattern.replaceAll('\\\\', '\\')).join('|')})$`)
  expect(annotationEventNames(marks).filter((name) => !isDrawn.test(name))).toEqual([])
  expect(annotationEventNames(marks)).toHaveLength(5)
})

test('queries come out with their variables filled in, and say whether they may be empty', () => {
  const queries = Object.values(made).flatMap((dashboard) => panelQueriesOf(dashboard, { __rate_interval: '20s' }))
  expect(queries.filter(({ query }) => query.includes('$') && !/"\$\d"/.test(query))).toEqual([])
  expect(queries.some(({ query }) => query.includes('[20s]'))).toBeTrue()
  const mayBeEmpty = new Set(queries.filter((one) => one.mayBeEmpty).map(({ panel }) => panel))
  expect([...mayBeEmpty].sort()).toEqual(
    [
      '95e centile vu de dehors, par étape',
      'Alertes qui sonnent',
      'Conversion',
      'Conversion et durée du paiement',
      'Déploiements',
      'Erreurs des journaux',
      'Pannes provoquées',
      'Parcours finis et abandonnés',
      'Tests de charge',
      'Traces en échec',
      'Télémétrie perdue',
    ].sort(),
  )
  const [search] = queries.filter(({ kind }) => kind === 'jaeger')
  expect(Object.fromEntries(new URLSearchParams(search?.query))).toEqual({
    service: 'frontend',
    tags: '{"error":"true"}',
    limit: '20',
  })
})

test('what the collector sends to a developer’s console is not in its balance', () => {
  const ofExporters = panelQueriesOf(made.stack as Dashboard).flatMap(
    ({ query }) => query.match(/otelcol_exporter_\w+(\{[^}]*\})?/g) ?? [],
  )
  expect(ofExporters.length).toBeGreaterThan(10)
  expect(ofExporters.filter((one) => !one.includes('exporter!="otlp_http/console"'))).toEqual([])
  const through = panelQueriesOf(made.stack as Dashboard).filter(({ query }) => query.includes('incoming_items'))
  expect(through.map(({ query }) => query.match(/\{.*?\}/)?.[0])).toEqual([
    '{processor="redaction/stored"}',
    '{processor="redaction", otel_signal="logs"}',
    '{processor="redaction", otel_signal="metrics"}',
  ])
})

test('names in Prometheus are those of UnderscoreEscapingWithSuffixes', () => {
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
