import type { Database } from 'bun:sqlite'
import type { Attributes } from '../receive/values'
import type { TraceRow } from '../store/active-traces'
import { buildSpanTree, type TraceSpan } from './span-tree'

export interface TraceLog {
  id: number
  timeUs: number
  service: string
  severity: number
  eventName: string
  body: string
  attributes: Attributes
  spanId: string
}

export interface Trace {
  row: TraceRow
  /** In display order: each span is before its children. */
  spans: TraceSpan[]
  logs: TraceLog[]
  /** Parent span ids whose span was not received. */
  missingParentIds: string[]
}

const maxLogs = 2000

/** A stored trace with its spans and its first 2000 log records. */
export function loadTrace(db: Database, traceId: string): Trace | undefined {
  const row = db.query('SELECT * FROM traces WHERE trace_id = ?').get(traceId) as TraceRow | null
  if (!row) return undefined
  const rows = db
    .query(
      `SELECT s.*, r.service, r.attributes AS resource_attributes FROM spans s JOIN resources r ON r.id = s.resource
       WHERE s.trace = ? ORDER BY s.start_us, s.duration_us DESC`,
    )
    .all(row.id) as SpanRow[]
  const logs = db
    .query(
      `SELECT l.*, r.service FROM logs l JOIN resources r ON r.id = l.resource
       WHERE l.trace_id = ? AND l.trace_id <> '' ORDER BY l.time_us, l.id LIMIT ${maxLogs}`,
    )
    .all(traceId) as LogRow[]
  return { row, ...buildSpanTree(rows.map(spanOf)), logs: logs.map(logOf) }
}

/** The number of stored spans and log records of a trace. */
export function traceSize(db: Database, traceId: string): number {
  const { size } = db
    .query(
      `SELECT ifnull((SELECT spans FROM traces WHERE trace_id = ?1), 0)
         + (SELECT count(*) FROM logs WHERE trace_id = ?1 AND trace_id <> '') AS size`,
    )
    .get(traceId) as { size: number }
  return size
}

interface SpanRow {
  span_id: string
  parent_id: string
  service: string
  name: string
  kind: number
  start_us: number
  duration_us: number
  status: number
  attributes: string
  rest: string
  resource_attributes: string
}

function spanOf(row: SpanRow): TraceSpan {
  const { statusMessage = '', events = [], links = [], scope } = JSON.parse(row.rest)
  return {
    spanId: row.span_id,
    parentId: row.parent_id,
    service: row.service,
    name: row.name,
    kind: row.kind,
    startUs: row.start_us,
    durationUs: row.duration_us,
    isError: row.status === 2,
    statusMessage,
    attributes: JSON.parse(row.attributes),
    resource: row.resource_attributes,
    events,
    links,
    scope: scope?.name ?? '',
    depth: 0,
    selfUs: row.duration_us,
    isCritical: false,
    isOrphan: false,
    descendantCount: 0,
  }
}

interface LogRow {
  id: number
  time_us: number
  service: string
  severity: number
  event_name: string
  body: string
  attributes: string
  span_id: string
}

const logOf = ({ id, time_us, service, severity, event_name, body, attributes, span_id }: LogRow): TraceLog => ({
  id,
  timeUs: time_us,
  service,
  severity,
  eventName: event_name,
  body,
  attributes: JSON.parse(attributes),
  spanId: span_id,
})
