import { type Context, Hono } from 'hono'
import { findLogs, type LogRow, parseLogFilter } from '../logs/find-logs'
import { findServiceMap, type MapNode } from '../map/find-service-map'
import { computeInstrumentStats, findInstruments } from '../metrics/find-instruments'
import { findSeries } from '../metrics/find-series'
import type { Store } from '../store'
import type { TraceRow } from '../store/active-traces'
import { loadTrace, type Trace } from '../trace/load-trace'
import type { TraceSpan } from '../trace/span-tree'
import { parseTraceFilter } from '../traces/filter'
import { findTraces, servicesOf } from '../traces/find-traces'
import { timeWindowOf } from '../ui/time-window'
import type { Rule } from '../views'

/** The data of the pages as JSON, for tests and scripts. Times are microseconds since 1970. Documented in console/README.md. */
export function apiRoutes(store: Store, rules: Rule[]) {
  const { db } = store
  return new Hono()
    .get('/api/traces', (c) => {
      const { traces, nextBeforeId, isTimedOut } = findTraces(db, parseTraceFilter(c.req.query()), limitOf(c, 50))
      return c.json({ traces: traces.map(toTraceSummary), next: nextBeforeId ?? null, is_cut: isTimedOut })
    })
    .get('/api/traces/:id', (c) => {
      const trace = loadTrace(db, c.req.param('id').toLowerCase())
      return trace ? c.json(toTrace(trace)) : c.json({ message: 'there is no trace with this id (yet)' }, 404)
    })
    .get('/api/logs', (c) => {
      const { logs, nextBeforeId, searchedBackToUs } = findLogs(db, parseLogFilter(c.req.query()), limitOf(c, 100))
      return c.json({ logs: logs.map(toLog), next: nextBeforeId ?? null, is_cut: searchedBackToUs !== undefined })
    })
    .get('/api/metrics', (c) => {
      const window = timeWindowOf(c)
      const { name, service = '' } = c.req.query()
      if (name) return c.json({ name, series: findSeries(db, name, service, window).map(toSeries) })
      const instruments = findInstruments(db, c.req.query('q'), service)
      return c.json({
        instruments: instruments.map(({ lastUs, ...one }) => {
          const { total, count, perSecond } = computeInstrumentStats(db, { ...one, lastUs }, service, window)
          return { ...one, last_us: lastUs, total, count, per_second: perSecond }
        }),
      })
    })
    .get('/api/map', (c) => {
      const { nodes, edges } = findServiceMap(db, timeWindowOf(c), rules)
      return c.json({
        nodes: nodes.map(toNode),
        edges: edges.map(({ from, to, count, errors, p95Us }) => ({
          ...{ from: from.name, to: to.name, kind: to.kind, count, errors, p95_us: p95Us },
        })),
      })
    })
    .all('/api/*', (c) =>
      c.json(
        { message: 'there are GET /api/traces, /api/traces/:id, /api/logs, /api/metrics, /api/map and /api/alerts' },
        404,
      ),
    )
}

const maxLimit = 1000

function limitOf(c: Context, defaultLimit: number): number {
  const limit = Number(c.req.query('limit'))
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, maxLimit) : defaultLimit
}

function toTraceSummary(row: TraceRow) {
  const { trace_id, start_us, duration_us, root_service, root_name, is_complete, spans, queries, errors, repeats } = row
  return {
    ...{ trace_id, start_us, duration_us, root_service, root_name, is_complete: is_complete === 1 },
    ...{ span_count: spans, query_count: queries, error_count: errors, most_repeated_query: repeats },
    services: servicesOf(row),
  }
}

function toTrace({ row, spans, logs, missingParentIds }: Trace) {
  return {
    ...toTraceSummary(row),
    missing_parents: missingParentIds,
    spans: spans.map(toSpan),
    logs: logs.map(({ timeUs, spanId, eventName, ...log }) => ({
      ...log,
      ...{ time_us: timeUs, span_id: spanId, event_name: eventName },
    })),
  }
}

function toSpan(span: TraceSpan) {
  const { spanId, parentId, startUs, durationUs, selfUs, isError, isCritical, statusMessage } = span
  const { service, name, kind, depth, attributes, events, links } = span
  return {
    ...{ span_id: spanId, parent_id: parentId, service, name, kind, depth },
    ...{ start_us: startUs, duration_us: durationUs, self_us: selfUs },
    ...{ is_error: isError, is_critical: isCritical, status_message: statusMessage, attributes, events, links },
  }
}

const toLog = ({ attributes, ...row }: LogRow) => ({ ...row, attributes: parseAttributes(attributes) })

// Attributes that were truncated are not JSON.
function parseAttributes(attributes: string): unknown {
  try {
    return JSON.parse(attributes)
  } catch {
    return attributes
  }
}

function toSeries({ series, stats }: ReturnType<typeof findSeries>[number]) {
  const { service, labels, kind, unit, temporality, lastUs } = series
  const { last, value, count } = stats
  return {
    ...{ service, labels, kind, unit, temporality, last_us: lastUs, last_value: last?.value ?? null },
    added_in_window: { value, count },
  }
}

function toNode({ name, kind, count, errors, p95Us, silentSinceUs, hasEnded }: MapNode) {
  return { name, kind, count, errors, p95_us: p95Us, silent_since_us: silentSinceUs ?? null, has_ended: hasEnded }
}
