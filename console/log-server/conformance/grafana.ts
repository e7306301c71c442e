import { expect } from 'bun:test'
import { type Case, get, instant, line, range } from './case'
import { citations } from './citations'
import { categorized, data, json, list, ok, series } from './expect'

/** What Grafana's data source and its Explore page send, as recorded by the project and described by Grafana's documentation. */
const logs = [
  line(10, 'one', {
    resource: { 'service.namespace': 'shop' },
    record: { severityNumber: 9 },
    attributes: { color: 'red' },
  }),
  line(20, 'three', { resource: { 'service.namespace': 'shop' }, record: { severityNumber: 17 } }),
  line(30, 'four', { resource: { 'service.namespace': 'back' }, record: { severityNumber: 9 } }),
]
const minute = { start: '$t(0)', end: '$t(60)' }
const selector = '{service_name="$service"}'

export const grafana: Case[] = [
  {
    name: 'Save & test: vector(1)+vector(1) is 2',
    citation: undefined,
    request: instant('vector(1)+vector(1)', { time: '4000000000' }),
    expect: series('vector', { labels: {}, value: 2 }),
  },
  { name: 'the server is ready', citation: citations.ready, request: get('/ready'), expect: ok },
  {
    name: 'the server reports its version',
    citation: citations.ready,
    request: get('/loki/api/v1/status/buildinfo'),
    expect: json((body) => expect(body.version).toBeString()),
  },
  {
    name: 'Explore: the log volume by level',
    citation: citations.dropError,
    logs,
    request: range(`sum by (level, detected_level) (count_over_time(${selector} | drop __error__ [1m]))`, {
      start: '$t(60)',
      end: '$t(60)',
      step: '60000ms',
    }),
    expect: series(
      'matrix',
      { labels: { detected_level: 'info' }, value: { 60: 2 } },
      { labels: { detected_level: 'error' }, value: { 60: 1 } },
    ),
  },
  {
    name: 'Explore: lines with their categories',
    citation: citations.categories,
    logs: logs.slice(0, 1),
    request: range(
      selector,
      { direction: 'backward', limit: '1000', step: '200ms' },
      { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' },
    ),
    expect: categorized({
      stream: { service_name: '$service', service_namespace: 'shop' },
      structuredMetadata: { color: 'red', detected_level: 'info' },
      parsed: {},
    }),
  },
  {
    name: 'Explore: the response names its encoding',
    citation: undefined,
    logs,
    request: range(selector, {}, { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' }),
    expect: data({ resultType: 'streams', encodingFlags: ['categorize-labels'] }),
  },
  {
    name: 'label browser: the names of index labels',
    citation: citations.endpoints,
    logs,
    request: get('/loki/api/v1/labels', minute),
    expect: list(['service_name', 'service_namespace'], ['color', 'detected_level', 'trace_id']),
  },
  {
    name: 'label browser: names of the selected streams',
    citation: undefined,
    logs: [line(1, 'x')],
    request: get('/loki/api/v1/labels', { ...minute, query: selector }),
    expect: list(['service_name'], ['service_namespace']),
  },
  {
    name: 'label browser: the values of a label',
    citation: citations.endpoints,
    logs,
    request: get('/loki/api/v1/label/service_name/values', minute),
    expect: list(['$service']),
  },
  {
    name: 'label browser: values of the selected streams',
    citation: undefined,
    logs,
    request: get('/loki/api/v1/label/service_namespace/values', { ...minute, query: selector }),
    expect: data(['back', 'shop']),
  },
  {
    name: 'label browser: an unknown label has no values',
    citation: undefined,
    request: get('/loki/api/v1/label/nope/values', minute),
    expect: json((body) => {
      expect(body.status).toBe('success')
      expect(body.data ?? []).toEqual([])
    }),
  },
  {
    name: 'label browser: the series of a selector',
    citation: citations.endpoints,
    logs,
    request: get('/loki/api/v1/series', { ...minute, 'match[]': selector }),
    expect: json((body) => {
      const namespaces = (body.data as Record<string, string>[]).map(({ service_namespace }) => service_namespace)
      expect(namespaces.sort()).toEqual(['back', 'shop'])
    }),
  },
  {
    name: 'series have index labels only',
    citation: undefined,
    logs: logs.slice(0, 1),
    request: get('/loki/api/v1/series', { ...minute, 'match[]': selector }),
    expect: data([{ service_name: '$service', service_namespace: 'shop' }]),
  },
  {
    name: 'index/stats counts streams, entries and bytes',
    citation: citations.stats,
    logs,
    request: get('/loki/api/v1/index/stats', { ...minute, query: selector }),
    expect: json((body) => {
      expect(body).toMatchObject({ streams: 2, entries: 3 })
      expect(body.bytes).toBeGreaterThanOrEqual(12)
      expect(body.chunks).toBeNumber()
    }),
  },
  {
    name: 'index/stats of nothing is zero',
    citation: citations.stats,
    request: get('/loki/api/v1/index/stats', { ...minute, query: selector }),
    expect: json((body) => expect(body).toMatchObject({ streams: 0, entries: 0, bytes: 0 })),
  },
  {
    name: 'index/volume is a vector of bytes by the labels of the selector',
    citation: citations.volume,
    logs,
    request: get('/loki/api/v1/index/volume', { ...minute, query: selector }),
    expect: data({ resultType: 'vector', result: [{ metric: { service_name: '$service' } }] }),
  },
  {
    name: 'index/volume by target labels',
    citation: citations.volume,
    logs,
    request: get('/loki/api/v1/index/volume', { ...minute, query: selector, targetLabels: 'service_namespace' }),
    expect: json((body) => {
      const { result } = body.data as { result: { metric: Record<string, string> }[] }
      expect(result.map(({ metric }) => metric.service_namespace).sort()).toEqual(['back', 'shop'])
    }),
  },
  {
    name: 'index/volume_range is a matrix',
    citation: citations.volumeRange,
    logs,
    request: get('/loki/api/v1/index/volume_range', { ...minute, query: selector, step: '60s' }),
    expect: data({ resultType: 'matrix', result: [{ metric: { service_name: '$service' } }] }),
  },
]
