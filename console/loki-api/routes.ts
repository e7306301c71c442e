import { type Context, Hono } from 'hono'
import { findLines } from '../logql/find-lines'
import { keyOf, type Labels, pickLabels } from '../logql/labels'
import { evaluateMetric, type Series } from '../logql/metrics'
import { parse } from '../logql/parse'
import { type LogQuery, type Matcher, type MetricQuery, QueryError } from '../logql/query'
import type { LogSource } from '../logql/source'
import { Parameters } from './parameters'
import { categorizedStreams, matrix, streams, vector } from './responses'

export interface LokiApiOptions {
  source: LogSource
  nowMs?: () => number
}

/** As Loki by default: `max_query_series`. */
const maxSeries = 500
const categorize = 'categorize-labels'

/**
 * Loki's HTTP API for queries, over whatever holds log entries.
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/
 */
export function lokiApi({ source, nowMs = Date.now }: LokiApiOptions) {
  const get = (path: string, respond: (parameters: Parameters, c: Context) => Response | Promise<Response>) =>
    app.on(['GET', 'POST'], `/loki/api/v1/${path}`, async (c) => {
      try {
        return await respond(await Parameters.of(c, BigInt(Math.floor(nowMs())) * 1_000_000n), c)
      } catch (error) {
        if (!(error instanceof QueryError)) throw error
        return c.text(`${error.message}\n`, 400)
      }
    })
  const app = new Hono()
  get('query_range', queryRange)
  get('query', instantQuery)
  get('labels', (parameters, c) => c.json({ status: 'success', data: labelNames(parameters) }))
  get('label/:name/values', (parameters, c) =>
    c.json({ status: 'success', data: labelValues(c.req.param('name') ?? '', parameters) }),
  )
  get('series', (parameters, c) => c.json({ status: 'success', data: series(parameters) }))
  get('index/stats', indexStats)
  get('index/volume', indexVolume)
  get('index/volume_range', indexVolumeRange)
  get('status/buildinfo', (_parameters, c) =>
    c.json({
      version: '3.0.0',
      revision: '',
      branch: '',
      goVersion: '',
      buildUser: 'Vitrine log server',
      buildDate: '',
    }),
  )
  app.all('/loki/*', (c) =>
    c.text(
      `not supported: ${c.req.path}. This is Vitrine’s log server with a part of Loki’s API: /loki/api/v1/ query_range, query, labels, label/{name}/values, series, index/stats, index/volume, index/volume_range, status/buildinfo; lines come by OTLP.\n`,
      404,
    ),
  )
  return app

  async function queryRange(parameters: Parameters, c: Context): Promise<Response> {
    const query = parse(parameters.required('query'))
    if (parameters.text('interval')) throw new QueryError('not supported: interval')
    const range = parameters.range(1)
    if (query.kind === 'logs') {
      const window = { ...range, limit: parameters.limit(), direction: parameters.direction() }
      const rows = findLines(source, query, window)
      if (!c.req.header('x-loki-response-encoding-flags')?.includes(categorize)) {
        return respond(c, { resultType: 'streams', result: await streams(rows) })
      }
      return respond(c, { resultType: 'streams', result: await categorizedStreams(rows), encodingFlags: [categorize] })
    }
    const steps = parameters.steps(range)
    return respond(c, {
      resultType: 'matrix',
      result: matrix(limited(await evaluateMetric(source, query, steps)), steps),
    })
  }

  async function instantQuery(parameters: Parameters, c: Context): Promise<Response> {
    const query = parse(parameters.required('query'))
    if (query.kind === 'logs') {
      throw new QueryError(
        'a log query needs a range: use /loki/api/v1/query_range, or a metric query such as rate({…}[5m])',
      )
    }
    const timeNs = parameters.time('time') ?? parameters.nowNs
    const found = limited(await evaluateMetric(source, query, { startNs: timeNs, stepNs: 1, count: 1 }))
    return respond(c, { resultType: 'vector', result: vector(found, timeNs, query.kind === 'topk') })
  }

  function labelNames(parameters: Parameters): string[] {
    const found = source.sizes({ matchers: optionalSelector(parameters), ...parameters.range(6) })
    return [...new Set(found.flatMap(({ labels }) => Object.keys(labels)))].sort()
  }

  function labelValues(name: string, parameters: Parameters): string[] {
    const found = source.sizes({ matchers: optionalSelector(parameters), ...parameters.range(6) })
    return [...new Set(found.map(({ labels }) => labels[name]).filter((value) => value !== undefined))].sort()
  }

  function series(parameters: Parameters): Labels[] {
    const selectors = parameters.all.getAll('match[]')
    if (selectors.length === 0) throw new QueryError('the parameter match[] is missing: give at least one selector')
    const range = parameters.range(6)
    const found = selectors.flatMap((text) => source.sizes({ matchers: selectorOf(text), ...range }))
    return [...new Map(found.map(({ labels }) => [JSON.stringify(labels), labels])).values()]
  }

  function indexStats(parameters: Parameters, c: Context): Response {
    const found = source.sizes({ matchers: selectorOf(parameters.required('query')), ...parameters.range(6) })
    const total = (of: 'chunks' | 'entries' | 'bytes') => found.reduce((sum, size) => sum + size[of], 0)
    return c.json({ streams: found.length, chunks: total('chunks'), bytes: total('bytes'), entries: total('entries') })
  }

  function indexVolume(parameters: Parameters, c: Context): Response {
    const matchers = selectorOf(parameters.required('query'))
    const range = parameters.range(6)
    const names = targetLabels(parameters, matchers)
    const byKey = new Map<string, Series>()
    for (const { labels, bytes } of source.sizes({ matchers, ...range })) {
      const target = pickLabels(labels, names)
      const key = keyOf(target)
      const values = byKey.get(key)?.values ?? new Float64Array(1)
      values[0] = (values[0] ?? 0) + bytes
      byKey.set(key, { labels: target, values })
    }
    const result = vector([...byKey.values()], range.endNs, true).slice(0, parameters.limit())
    return respond(c, { resultType: 'vector', result })
  }

  async function indexVolumeRange(parameters: Parameters, c: Context): Promise<Response> {
    const matchers = selectorOf(parameters.required('query'))
    const steps = parameters.steps(parameters.range(6))
    const logs: LogQuery = { kind: 'logs', matchers, stages: [] }
    const bytes: MetricQuery = { kind: 'range', operation: 'bytes_over_time', logs, rangeNs: steps.stepNs }
    const by = targetLabels(parameters, matchers)
    const found = await evaluateMetric(source, { kind: 'aggregation', operation: 'sum', by, of: bytes }, steps)
    return respond(c, { resultType: 'matrix', result: matrix(limited(found), steps) })
  }
}

const respond = (c: Context, data: object): Response =>
  c.json({ status: 'success', data: { ...data, stats: { summary: {} } } })

function limited(series: Series[]): Series[] {
  if (series.length <= maxSeries) return series
  throw new QueryError(`${series.length} series, and ${maxSeries} is the limit: group by fewer labels, or use topk`)
}

/** The matchers of a text that is a selector and nothing else. */
function selectorOf(text: string): Matcher[] {
  const query = parse(text)
  if (query.kind === 'logs' && query.stages.length === 0) return query.matchers
  throw new QueryError(`expected a selector such as {service_name="order-service"}, and got ${text.slice(0, 80)}`)
}

const optionalSelector = (parameters: Parameters): Matcher[] =>
  parameters.text('query') === '' ? [] : selectorOf(parameters.text('query'))

/** What volumes are grouped by: `targetLabels`, or else the labels that the selector names. */
function targetLabels(parameters: Parameters, matchers: Matcher[]): string[] {
  const aggregateBy = parameters.text('aggregateBy')
  if (aggregateBy !== '' && aggregateBy !== 'series') throw new QueryError(`not supported: aggregateBy=${aggregateBy}`)
  const given = parameters.text('targetLabels').split(',').filter(Boolean)
  return given.length > 0 ? given : matchers.map(({ name }) => name)
}
