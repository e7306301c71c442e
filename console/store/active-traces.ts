import type { Database } from 'bun:sqlite'
import type { Rollups } from './rollups'
import { type CostByService, countCost } from './telemetry-cost'

/** A trace that still receives spans. */
export interface ActiveTrace {
  id: number
  traceId: string
  startUs: number
  endUs: number
  root: { service: string; name: string; rank: number; startUs: number }
  spans: number
  queries: number
  errors: number
  entries: Set<string>
  repeats: number
  /** The number of calls by statement (its id in `subjects`). */
  statements: Map<number, number>
  /** Client spans whose server span has not arrived yet, by span id. */
  pendingCalls: Map<string, Call>
  /** The services of server spans whose client span has not arrived yet, by the client's span id. */
  pendingServers: Map<string, string>
  costs: CostByService
  lastSeenMs: number
}

/** A call of a client span. */
export interface Call {
  service: string
  address: string
  endUs: number
  durationUs: number
  isError: boolean
}

/** A row of `traces`. */
export interface TraceRow {
  id: number
  trace_id: string
  start_us: number
  duration_us: number
  root_service: string
  root_name: string
  is_complete: number
  spans: number
  queries: number
  errors: number
  entries: string
  repeats: number
}

const idleMs = 5000
const maxActive = 20_000

/**
 * The traces that still receive spans. Their rows are updated once per export request. What only a complete trace shows, such
 * as calls without a server span, is counted when the trace has been idle for five seconds.
 */
export function createActiveTraces(db: Database, rollups: Rollups) {
  const insert = db.prepare("INSERT INTO traces VALUES (NULL, ?, 0, 0, '', '', 0, 0, 0, 0, '', 0)")
  const find = db.prepare('SELECT * FROM traces WHERE trace_id = ?')
  const save = db.prepare(`UPDATE traces SET start_us = ?, duration_us = ?, root_service = ?, root_name = ?,
    is_complete = ?, spans = ?, queries = ?, errors = ?, entries = ?, repeats = ? WHERE id = ?`)
  const active = new Map<string, ActiveTrace>()
  const dirty = new Set<ActiveTrace>()
  // The costs of log records that arrive before the spans of their trace.
  const early = new Map<string, { costs: CostByService; lastSeenMs: number }>()
  let opened = 0
  return { get, costsOf, write, evictIdle, forget, opened: () => opened }

  /** The trace with this id, which the caller is about to change. */
  function get(traceId: string, nowMs: number): ActiveTrace {
    const trace = active.get(traceId) ?? open(traceId)
    trace.lastSeenMs = nowMs
    dirty.add(trace)
    return trace
  }

  /** The costs of a trace, which may have no spans yet. */
  function costsOf(traceId: string, nowMs: number): CostByService {
    const trace = active.get(traceId)
    if (trace) return trace.costs
    const entry = early.get(traceId) ?? { costs: new Map(), lastSeenMs: nowMs }
    early.set(traceId, entry)
    return entry.costs
  }

  function open(traceId: string): ActiveTrace {
    const row = find.get(traceId) as TraceRow | null
    if (!row) opened++
    const trace = row ? fromRow(row) : emptyTrace(Number(insert.run(traceId).lastInsertRowid), traceId)
    trace.costs = early.get(traceId)?.costs ?? trace.costs
    early.delete(traceId)
    active.set(traceId, trace)
    return trace
  }

  /** Forgets traces whose rows were deleted. Further spans start a new row. */
  function forget(lastId: number): void {
    for (const [traceId, { id }] of active) if (id <= lastId) active.delete(traceId)
  }

  /** Writes the rows of changed traces. */
  function write(): void {
    for (const trace of dirty) {
      const { root, startUs, endUs, spans, queries, errors, entries, repeats, id } = trace
      const text = [...entries].map((entry) => `${entry}\n`).join('')
      const isComplete = root.rank === rootRank ? 1 : 0
      save.run(startUs, endUs - startUs, root.service, root.name, isComplete, spans, queries, errors, text, repeats, id)
    }
    dirty.clear()
  }

  /** Removes idle traces from memory, or all of them, and counts their pending calls and costs. */
  function evictIdle(nowMs: number, isForced = false): void {
    for (const [traceId, trace] of active) {
      const isIdle = nowMs - trace.lastSeenMs > idleMs
      if (!isIdle && !isForced && active.size <= maxActive) continue
      active.delete(traceId)
      for (const call of trace.pendingCalls.values()) countEdge(rollups, call, call.address, 'other')
      for (const [service, cost] of trace.costs) countCost(rollups, trace.endUs || nowMs * 1000, service, cost)
    }
    for (const [traceId, { costs, lastSeenMs }] of early) {
      if (nowMs - lastSeenMs <= idleMs && !isForced && early.size <= maxActive) break
      early.delete(traceId)
      for (const [service, cost] of costs) countCost(rollups, lastSeenMs * 1000, service, cost)
    }
  }
}

export type ActiveTraces = ReturnType<typeof createActiveTraces>

/** The rank of a span without a parent: it names the trace. */
export const rootRank = 2

/** Counts a call from a service to another service, a database or an address. */
export function countEdge(rollups: Rollups, call: Call, to: string, kind: 'service' | 'database' | 'other'): void {
  if (!to) return
  const subject = rollups.subjectId({ what: 'edge', service: call.service, name: to, detail: kind })
  rollups.add(subject, call.endUs, call.durationUs, call.isError)
}

function emptyTrace(id: number, traceId: string): ActiveTrace {
  return {
    id,
    traceId,
    startUs: 0,
    endUs: 0,
    root: { service: '', name: '', rank: -1, startUs: 0 },
    spans: 0,
    queries: 0,
    errors: 0,
    entries: new Set(),
    repeats: 0,
    statements: new Map(),
    pendingCalls: new Map(),
    pendingServers: new Map(),
    costs: new Map(),
    lastSeenMs: 0,
  }
}

function fromRow(row: TraceRow): ActiveTrace {
  const { id, trace_id, start_us, duration_us, root_service, root_name, is_complete } = row
  return {
    ...emptyTrace(id, trace_id),
    startUs: start_us,
    endUs: start_us + duration_us,
    root: { service: root_service, name: root_name, rank: is_complete ? rootRank : 1, startUs: start_us },
    spans: row.spans,
    queries: row.queries,
    errors: row.errors,
    entries: new Set(row.entries.split('\n').filter(Boolean)),
    repeats: row.repeats,
  }
}
