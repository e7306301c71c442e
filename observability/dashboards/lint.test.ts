import { expect, test } from 'bun:test'
import { lintDashboard } from './lint'
import type { Dashboard, Panel } from './queries'

const prometheus = { uid: 'prometheus' }
const fine: Panel = {
  id: 1,
  type: 'timeseries',
  title: 'Fine',
  description: 'What it shows',
  datasource: prometheus,
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  fieldConfig: { defaults: { unit: 's' } },
  targets: [{ refId: 'A', datasource: prometheus, expr: 'sum(rate(orders_created_total[$__rate_interval]))' }],
}

const lint = (panels: Panel[], more: Partial<Dashboard> = {}) => lintDashboard({ title: 'Bad', panels, ...more })
const lintQuery = (expr: string, uid = 'prometheus') =>
  lint([{ ...fine, targets: [{ refId: 'A', datasource: { uid }, expr }] }])

test('a correct panel has no problems', () => {
  expect(lint([fine])).toEqual([])
})

test('missing texts, units and queries are reported', () => {
  expect(lint([{ ...fine, title: '', description: '', fieldConfig: {}, targets: [] }])).toEqual([
    ': has no title',
    ': has no description',
    ': has no unit',
    ': has no query',
  ])
})

test('an unknown data source is reported', () => {
  expect(lint([{ ...fine, datasource: { uid: 'mimir' } }])).toEqual(['Fine: uses mimir, which is not a data source'])
  expect(lintQuery('up', 'mimir')).toContain('Fine: uses mimir, which is not a data source')
})

test('a query that does not parse is reported, in PromQL and LogQL', () => {
  expect(lintQuery('sum(rate(up[1m])')[0]).toStartWith('Fine: ')
  expect(lintQuery('sum(up')).toEqual(['Fine: does not parse: sum(up'])
  expect(lintQuery('')).toEqual(['Fine: does not parse: '])
  expect(lintQuery('up{job="$unknown"} + $unknown')).toEqual(['Fine: does not parse: up{job="$unknown"} + $unknown'])
  expect(lintQuery('{service_name=~".+"', 'loki')).toEqual(['Fine: does not parse: {service_name=~".+"'])
  expect(lintQuery('{service_name=~".+"} | trace_id="a"', 'loki')).toEqual([])
})

test('annotations are checked too', () => {
  const list = [{ name: 'Deploys', target: { datasource: prometheus, expr: 'count(' } }]
  expect(lint([fine], { annotations: { list } })).toEqual(['Deploys: does not parse: count('])
})

test('a fixed window is reported', () => {
  expect(lintQuery('sum(rate(orders_created_total[5m]))')).toEqual([
    'Fine: has a fixed window of 5m: use $__rate_interval, or add it to fixedWindows in dashboards/lint.ts',
  ])
})

test('an unknown metric is reported, by name or by pattern', () => {
  expect(lintQuery('orders_total')).toEqual(['Fine: uses the unknown metric orders_total'])
  expect(lintQuery('sum(http_server_duration_bucket) / up')).toEqual([
    'Fine: uses the unknown metric http_server_duration_bucket',
  ])
  expect(lintQuery('{job="loki"}')).toEqual(['Fine: uses the unknown metric (any metric)'])
  expect(lintQuery('{__name__=~"orders_(a|b)"}')).toEqual(['Fine: uses the unknown metric orders_'])
  expect(lintQuery('{__name__=~"otelcol_(a|b)"} + sli:latency:bad_ratio_rate1h')).toEqual([])
})

test('a gauge of a service without a window is reported, because it counts stopped instances', () => {
  expect(lintQuery('sum(db_client_connection_max{service_name="x"})')).toEqual([
    'Fine: counts stopped instances; use last_over_time(db_client_connection_max[15s])',
  ])
  expect(
    lintQuery('sum(last_over_time(db_client_connection_max{service_name="x"}[15s])) + otelcol_exporter_queue_size'),
  ).toEqual([])
})

test('a trace search without a service is reported', () => {
  expect(lint([{ ...fine, targets: [{ refId: 'A', datasource: { uid: 'jaeger' } }] }])).toEqual([
    'Fine: searches traces without a service',
  ])
})

test('duplicate ids, overlapping panels and duplicate refIds are reported', () => {
  const other = { ...fine, title: 'Other' }
  expect(lint([fine, other])).toEqual(['two panels have the id 1', 'Other overlaps Fine'])
  expect(lint([fine, { ...other, id: 2, gridPos: { x: 12, y: 0, w: 12, h: 8 } }])).toEqual([])
  expect(lint([{ ...fine, targets: [...(fine.targets ?? []), ...(fine.targets ?? [])] }])).toEqual([
    'Fine: has two queries with the same refId',
  ])
})

test('a schema that file provisioning does not support is reported', () => {
  expect(lint([fine], { schemaVersion: 43 })).toEqual(['schema 43 is newer than 42'])
})
