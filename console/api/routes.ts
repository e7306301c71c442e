import { type Context, Hono } from 'hono'
import { parseLogFilter } from '../logs/filter'
import { findLogs, type LogRow } from '../logs/find-logs'
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

/** What the pages show, for tests and scripts. Times are microseconds since 1970; described in console/README.md. */
export function apiRoutes(store: Store, rules: Rule[]) {
  const { db } = store
  return new Hono()
    .get('/api/traces', (c) => {
      const { traces, nextBeforeId, isTimedOut } = findTraces(db, parseTraceFilter(c.req.query()), limitOf(c, 50))
      return c.json({ traces: traces.map(summary), next: nextBeforeId ?? null, is_cut: isTimedOut })
    })
    .get('/api/traces/:id', (c) => {
      const trace = loadTrace(db, c.req.param('id').toLowerCase())
      return trace ? c.json(whole(trace)) : c.json({ message: 'no trace of that id is here (yet)' }, 404)
    })
    .get('/api/logs', (c) => {
      const { logs, nextBeforeId, searchedBackToUs } = findLogs(db, parseLogFilter(c.req.query()), limitOf(c, 100))
      return c.json({ logs: logs.map(line), next: nextBeforeId ?? null, is_cut: searchedBackToUs !== undefined })
    })
    .get('/api/metrics', (c) => {
      const window = timeWindowOf(c)
      const { name, service = '' } = c.req.query()
      if (name) return c.json({ name, series: findSeries(db, name, service, window).map(seriesOf) })
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
        nodes: nodes.map(node),
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

const most = 1000

function limitOf(c: Context, usual: number): number {
  const asked = Number(c.req.query('limit'))
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, most) : usual
}

function summary(row: TraceRow) {
  const { trace_id, start_us, duration_us, root_service, root_name, is_complete, spans, queries, errors, repeats } = row
  return {
    ...{ trace_id, start_us, duration_us, root_service, root_name, is_complete: is_complete === 1 },
    ...{ span_count: spans, query_count: queries, error_count: errors, most_repeated_query: repeats },
    services: servicesOf(row),
  }
}

function whole({ row, spans, logs, missingParentIds }: Trace) {
  return {
    ...summary(row),
    missing_parents: missingParentIds,
    spans: spans.map(span),
    logs: logs.map(({ timeUs, spanId, eventName, ...log }) => ({
      ...log,
      ...{ time_us: timeUs, span_id: spanId, event_name: eventName },
    })),
  }
}

function span(one: TraceSpan) {
  const { spanId, parentId, startUs, durationUs, selfUs, isError, isCritical, statusMessage } = one
  const { service, name, kind, depth, attributes, events, links } = one
  return {
    ...{ span_id: spanId, parent_id: parentId, service, name, kind, depth },
    ...{ start_us: startUs, duration_us: durationUs, self_us: selfUs },
    ...{ is_error: isError, is_critical: isCritical, status_message: statusMessage, attributes, events, links },
  }
}

const line = ({ attributes, ...row }: LogRow) => ({ ...row, attributes: parsed(attributes) })

// The attributes of a monstrous line are cut, and no JSON any more.
function parsed(attributes: string): unknown {
  try {
    return JSON.parse(attributes)
  } catch {
    return attributes
  }
}

function seriesOf({ series, stats }: ReturnType<typeof findSeries>[number]) {
  const { service, labels, kind, unit, temporality, lastUs } = series
  const { last, value, count } = stats
  return {
    ...{ service, labels, kind, unit, temporality, last_us: lastUs, last_value: last?.value ?? null },
    added_in_window: { value, count },
  }
}

function node({ name, kind, count, errors, p95Us, silentSinceUs, hasEnded }: MapNode) {
  return { name, kind, count, errors, p95_us: p95Us, silent_since_us: silentSinceUs ?? null, has_ended: hasEnded }
}
