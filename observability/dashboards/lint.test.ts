import { expect, test } from 'bun:test'
import { lintDashboard } from './lint'
import type { Dashboard, Panel } from './queries'

const prometheus = { uid: 'prometheus' }
const fine: Panel = {
  id: 1,
  type: 'timeseries',
  title: 'Fine',
  description: 'What one sees',
  datasource: prometheus,
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  fieldConfig: { defaults: { unit: 's' } },
  targets: [{ refId: 'A', datasource: prometheus, expr: 'sum(rate(orders_created_total[$__rate_interval]))' }],
}

const told = (panels: Panel[], more: Partial<Dashboard> = {}) => lintDashboard({ title: 'Bad', panels, ...more })
const asking = (expr: string, uid = 'prometheus') =>
  told([{ ...fine, targets: [{ refId: 'A', datasource: { uid }, expr }] }])

test('a panel that is well has no complaint', () => {
  expect(told([fine])).toEqual([])
})

test('a panel that lacks its words is told so', () => {
  expect(told([{ ...fine, title: '', description: '', fieldConfig: {}, targets: [] }])).toEqual([
    ': has no title',
    ': has no description',
    ': has no unit',
    ': has no query',
  ])
})

test('a data source by another uid is none', () => {
  expect(told([{ ...fine, datasource: { uid: 'mimir' } }])).toEqual(['Fine: asks mimir, which is no data source'])
  expect(asking('up', 'mimir')).toContain('Fine: asks mimir, which is no data source')
})

test('a query that does not parse is told, in either language', () => {
  expect(asking('sum(rate(up[1m])')[0]).toStartWith('Fine: ')
  expect(asking('sum(up')).toEqual(['Fine: does not parse: sum(up'])
  expect(asking('')).toEqual(['Fine: does not parse: '])
  expect(asking('up{job="$unknown"} + $unknown')).toEqual(['Fine: does not parse: up{job="$unknown"} + $unknown'])
  expect(asking('{service_name=~".+"', 'loki')).toEqual(['Fine: does not parse: {service_name=~".+"'])
  expect(asking('{service_name=~".+"} | trace_id="a"', 'loki')).toEqual([])
})

test('an annotation is held to the same', () => {
  const list = [{ name: 'Deploys', target: { datasource: prometheus, expr: 'count(' } }]
  expect(told([fine], { annotations: { list } })).toEqual(['Deploys: does not parse: count('])
})

test('a window that does not follow the page is told', () => {
  expect(asking('sum(rate(orders_created_total[5m]))')).toEqual(['Fine: fixes its window at 5m'])
})

test('a metric that nobody says is told, by name or by pattern', () => {
  expect(asking('orders_total')).toEqual(['Fine: nobody says orders_total'])
  expect(asking('sum(http_server_duration_bucket) / up')).toEqual(['Fine: nobody says http_server_duration_bucket'])
  expect(asking('{job="loki"}')).toEqual(['Fine: nobody says (any metric)'])
  expect(asking('{__name__=~"orders_(a|b)"}')).toEqual(['Fine: nobody says orders_'])
  expect(asking('{__name__=~"otelcol_(a|b)"} + sli:latency:bad_ratio_rate1h')).toEqual([])
})

test('a gauge of a service without a window is told: it counts instances that are gone', () => {
  expect(asking('sum(db_client_connection_max{service_name="x"})')).toEqual([
    'Fine: counts the dead: last_over_time(db_client_connection_max[15s])',
  ])
  expect(
    asking('sum(last_over_time(db_client_connection_max{service_name="x"}[15s])) + otelcol_exporter_queue_size'),
  ).toEqual([])
})

test('traces of no service are told', () => {
  expect(told([{ ...fine, targets: [{ refId: 'A', datasource: { uid: 'jaeger' } }] }])).toEqual([
    'Fine: asks for traces of no service',
  ])
})

test('panels of one id, panels over each other and queries of one name are told', () => {
  const other = { ...fine, title: 'Other' }
  expect(told([fine, other])).toEqual(['two panels have the id 1', 'Other lies over Fine'])
  expect(told([fine, { ...other, id: 2, gridPos: { x: 12, y: 0, w: 12, h: 8 } }])).toEqual([])
  expect(told([{ ...fine, targets: [...(fine.targets ?? []), ...(fine.targets ?? [])] }])).toEqual([
    'Fine: has two queries of one name',
  ])
})

test('a newer schema than file provisioning takes is told', () => {
  expect(told([fine], { schemaVersion: 43 })).toEqual(['schema 43 is newer than 42'])
})
