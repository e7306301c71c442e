import { type Context, Hono } from 'hono'
import { createConcurrencyLimit, TooManyWaitingError } from '../concurrency-limit'
import { findLines } from '../logql/find-lines'
import { keyOf, pickLabels } from '../logql/labels'
import { evaluateMetric, type Series } from '../logql/metrics'
import { parse } from '../logql/parse'
import { type LogQuery, type Matcher, type MetricQuery, QueryError } from '../logql/query'
import type { LogSource } from '../logql/source'
import { QueryParameters } from './parameters'
import { categorizedStreams, matrix, streams, vector } from './responses'

export interface LokiApiOptions {
  source: LogSource
  /** The clock: milliseconds since 1970. */
  nowMs?: () => number
}

// Loki's default for `max_query_series`.
const maxSeries = 500
// The default window of endpoints other than `query_range`.
const defaultHours = 6
const maxSelectors = 100
const categorize = 'categorize-labels'

/**
 * The part of Loki's HTTP API that queries logs, over any source of log entries. A query that is not supported is 400.
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/
 */
export function lokiApi({ source, nowMs = Date.now }: LokiApiOptions) {
  const endpoints: Record<string, (parameters: QueryParameters, c: Context) => Response | Promise<Response>> = {
    query_range: queryRange,
    query: instantQuery,
    labels: labelNames,
    'label/:name/values': labelValues,
    series,
    'index/stats': indexStats,
    'index/volume': indexVolume,
    'index/volume_range': indexVolumeRange,
    'status/buildinfo': buildInfo,
  }
  const runLimited = createConcurrencyLimit({ maxRunning: 2, maxWaiting: 200 })
  const app = new Hono()
  for (const [path, respond] of Object.entries(endpoints)) {
    app.on(['GET', 'POST'], `/loki/api/v1/${path}`, async (c) => {
      try {
        const parameters = await QueryParameters.fromRequest(c, BigInt(Math.floor(nowMs())) * 1_000_000n)
        return await runLimited(async () => respond(parameters, c))
      } catch (error) {
        if (error instanceof TooManyWaitingError) return c.text(`${error.message}\n`, 429, { 'Retry-After': '1' })
        if (!(error instanceof QueryError)) throw error
        return c.text(`${error.message}\n`, 400)
      }
    })
  }
  app.all('/loki/*', (c) =>
    c.text(
      `not supported: ${c.req.path}. This is Vitrine’s log server with a part of Loki’s API: /loki/api/v1/ ${Object.keys(endpoints).join(', ')}; it receives logs by OTLP.\n`,
      404,
    ),
  )
  return app

  async function queryRange(parameters: QueryParameters, c: Context): Promise<Response> {
    const query = parse(parameters.required('query'))
    if (parameters.text('interval')) throw new QueryError('not supported: interval')
    const range = parameters.range(1)
    if (query.kind === 'logs') {
      const window = { ...range, limit: parameters.limit(), direction: parameters.direction() }
      const rows = findLines(source, query, window)
      if (!c.req.header('x-loki-response-encoding-flags')?.includes(categorize)) {
        return queryResult(c, { resultType: 'streams', result: await streams(rows) })
      }
      const result = await categorizedStreams(rows)
      return queryResult(c, { resultType: 'streams', result, encodingFlags: [categorize] })
    }
    const steps = parameters.steps(range)
    return queryResult(c, {
      resultType: 'matrix',
      result: matrix(limited(await evaluateMetric(source, query, steps)), steps),
    })
  }

  async function instantQuery(parameters: QueryParameters, c: Context): Promise<Response> {
    const query = parse(parameters.required('query'))
    if (query.kind === 'logs') {
      throw new QueryError(
        'an instant query must be a metric query such as rate({…}[5m]): use /loki/api/v1/query_range for a log query',
      )
    }
    const timeNs = parameters.time('time') ?? parameters.nowNs
    const found = limited(await evaluateMetric(source, query, { startNs: timeNs, stepNs: 1, count: 1 }))
    return queryResult(c, { resultType: 'vector', result: vector(found, timeNs, query.kind === 'topk') })
  }

  function labelNames(parameters: QueryParameters, c: Context): Response {
    const found = source.sizes({ matchers: optionalSelector(parameters), ...parameters.range(defaultHours) })
    return success(c, [...new Set(found.flatMap(({ labels }) => Object.keys(labels)))].sort())
  }

  function labelValues(parameters: QueryParameters, c: Context): Response {
    const name = c.req.param('name') ?? ''
    const found = source.sizes({ matchers: optionalSelector(parameters), ...parameters.range(defaultHours) })
    const values = found.map(({ labels }) => labels[name]).filter((value) => value !== undefined)
    return success(c, [...new Set(values)].sort())
  }

  function series(parameters: QueryParameters, c: Context): Response {
    const selectors = parameters.all.getAll('match[]')
    if (selectors.length > maxSelectors) throw new QueryError(`at most ${maxSelectors} match[] are possible`)
    if (selectors.length === 0) throw new QueryError('the parameter match[] is missing: give at least one selector')
    const range = parameters.range(defaultHours)
    const found = selectors.flatMap((text) => source.sizes({ matchers: selectorOf(text), ...range }))
    return success(c, [...new Map(found.map(({ labels }) => [keyOf(labels), labels])).values()])
  }

  function indexStats(parameters: QueryParameters, c: Context): Response {
    const found = source.sizes({
      matchers: selectorOf(parameters.required('query')),
      ...parameters.range(defaultHours),
    })
    const total = (of: 'chunks' | 'entries' | 'bytes') => found.reduce((sum, size) => sum + size[of], 0)
    return c.json({ streams: found.length, chunks: total('chunks'), bytes: total('bytes'), entries: total('entries') })
  }

  function indexVolume(parameters: QueryParameters, c: Context): Response {
    const matchers = selectorOf(parameters.required('query'))
    const range = parameters.range(defaultHours)
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
    return queryResult(c, { resultType: 'vector', result })
  }

  async function indexVolumeRange(parameters: QueryParameters, c: Context): Promise<Response> {
    const matchers = selectorOf(parameters.required('query'))
    const steps = parameters.steps(parameters.range(defaultHours))
    const logs: LogQuery = { kind: 'logs', matchers, stages: [] }
    const bytes: MetricQuery = { kind: 'range', operation: 'bytes_over_time', logs, rangeNs: steps.stepNs }
    const by = targetLabels(parameters, matchers)
    const found = await evaluateMetric(source, { kind: 'aggregation', operation: 'sum', by, of: bytes }, steps)
    return queryResult(c, { resultType: 'matrix', result: matrix(limited(found), steps) })
  }
}

function buildInfo(_parameters: QueryParameters, c: Context): Response {
  const none = { revision: '', branch: '', goVersion: '', buildDate: '' }
  return c.json({ version: '3.0.0', ...none, buildUser: 'Vitrine log server' })
}

const success = (c: Context, data: object): Response => c.json({ status: 'success', data })

const queryResult = (c: Context, data: object): Response => success(c, { ...data, stats: { summary: {} } })

function limited(series: Series[]): Series[] {
  if (series.length <= maxSeries) return series
  throw new QueryError(`${series.length} series, and ${maxSeries} is the limit: group by fewer labels, or use topk`)
}

/** The matchers of a query that is only a selector. @throws QueryError */
function selectorOf(text: string): Matcher[] {
  const query = parse(text)
  if (query.kind === 'logs' && query.stages.length === 0) return query.matchers
  throw new QueryError(`expected a selector such as {service_name="order-service"}, and got ${text.slice(0, 80)}`)
}

const optionalSelector = (parameters: QueryParameters): Matcher[] =>
  parameters.text('query') === '' ? [] : selectorOf(parameters.text('query'))

/** The labels by which volumes are grouped: `targetLabels`; by default, those of the selector. */
function targetLabels(parameters: QueryParameters, matchers: Matcher[]): string[] {
  const aggregateBy = parameters.text('aggregateBy')
  if (aggregateBy !== '' && aggregateBy !== 'series') throw new QueryError(`not supported: aggregateBy=${aggregateBy}`)
  const given = parameters.text('targetLabels').split(',').filter(Boolean)
  return given.length > 0 ? given : matchers.map(({ name }) => name)
}
