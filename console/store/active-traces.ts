import type { Database } from 'bun:sqlite'
import type { Rollups } from './rollups'

/** A trace of which spans still come. */
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
  /** How often each statement was called. */
  statements: Map<number, number>
  /** Calls of which nobody has said yet who answered, and answers whose call has not come yet; by the caller's span id. */
  pendingCalls: Map<string, Call>
  pendingServers: Map<string, string>
  /** What each service sent for it. */
  costs: CostByService
  lastSeenMs: number
}

export interface Call {
  service: string
  address: string
  endUs: number
  durationUs: number
  isError: boolean
}

export type CostByService = Map<string, Cost>

export interface Cost {
  route: string
  spans: number
  spanBytes: number
  logs: number
  logBytes: number
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
const mostActive = 20_000

/** Traces that are being received: their rows are written once a request, and what only shows in the end is added then. */
export function createActiveTraces(db: Database, measures: Rollups) {
  const insert = db.prepare("INSERT INTO traces VALUES (NULL, ?, 0, 0, '', '', 0, 0, 0, 0, '', 0)")
  const find = db.prepare('SELECT * FROM traces WHERE trace_id = ?')
  const save = db.prepare(`UPDATE traces SET start_us = ?, duration_us = ?, root_service = ?, root_name = ?,
    is_complete = ?, spans = ?, queries = ?, errors = ?, entries = ?, repeats = ? WHERE id = ?`)
  const active = new Map<string, ActiveTrace>()
  const dirty = new Set<ActiveTrace>()
  // Lines may come before the spans that say what they are about.
  const early = new Map<string, { costs: CostByService; seenMs: number }>()
  let opened = 0
  return { of, costsOf, write, settle, forget, opened: () => opened }

  /** The trace of that id, new or known, about to change. */
  function of(traceId: string, nowMs: number): ActiveTrace {
    const trace = active.get(traceId) ?? open(traceId)
    trace.lastSeenMs = nowMs
    dirty.add(trace)
    return trace
  }

  /** What each program has sent for a trace so far; its spans may still have to come. */
  function costsOf(traceId: string, nowMs: number): CostByService {
    const trace = active.get(traceId)
    if (trace) return trace.costs
    const waiting = early.get(traceId) ?? { costs: new Map(), seenMs: nowMs }
    early.set(traceId, waiting)
    return waiting.costs
  }

  function open(traceId: string): ActiveTrace {
    const row = find.get(traceId) as TraceRow | null
    if (!row) opened++
    const trace = row ? fromRow(row) : fresh(Number(insert.run(traceId).lastInsertRowid), traceId)
    trace.costs = early.get(traceId)?.costs ?? trace.costs
    early.delete(traceId)
    active.set(traceId, trace)
    return trace
  }

  /** Lets go of traces whose rows are gone: what still comes of them is a trace anew. */
  function forget(last: number): void {
    for (const [traceId, { id }] of active) if (id <= last) active.delete(traceId)
  }

  function write(): void {
    for (const trace of dirty) {
      const { root, startUs, endUs, spans, queries, errors, entries, repeats, id } = trace
      const text = [...entries].map((entry) => `${entry}\n`).join('')
      const isComplete = root.rank === 2 ? 1 : 0
      save.run(startUs, endUs - startUs, root.service, root.name, isComplete, spans, queries, errors, text, repeats, id)
    }
    dirty.clear()
  }

  /** Lets go of traces of which nothing has come for five seconds; `force` of all. */
  function settle(nowMs: number, force = false): void {
    for (const [traceId, trace] of active) {
      const isIdle = nowMs - trace.lastSeenMs > idleMs
      if (!isIdle && !force && active.size <= mostActive) continue
      active.delete(traceId)
      for (const call of trace.pendingCalls.values()) countEdge(measures, call, call.address, 'other')
      for (const [service, cost] of trace.costs) countCost(measures, trace.endUs || nowMs * 1000, service, cost)
    }
    for (const [traceId, { costs, seenMs }] of early) {
      if (nowMs - seenMs <= idleMs && !force && early.size <= mostActive) break
      early.delete(traceId)
      for (const [service, cost] of costs) countCost(measures, seenMs * 1000, service, cost)
    }
  }
}

export type ActiveTraces = ReturnType<typeof createActiveTraces>

/** Counts a call from one program to another, or to a database. */
export function countEdge(measures: Rollups, call: Call, to: string, kind: 'service' | 'database' | 'other'): void {
  if (!to) return
  const subject = measures.subjectId({ what: 'edge', service: call.service, name: to, detail: kind })
  measures.add(subject, call.endUs, call.durationUs, call.isError)
}

/** Counts what a request has sent. */
export function countCost(measures: Rollups, atUs: number, service: string, cost: Cost): void {
  const { route: name, spans, spanBytes, logs, logBytes } = cost
  if (spans > 0) measures.addBytes(measures.subjectId({ what: 'spans', service, name }), atUs, spans, spanBytes)
  if (logs > 0) measures.addBytes(measures.subjectId({ what: 'logs', service, name }), atUs, logs, logBytes)
}

function fresh(id: number, traceId: string): ActiveTrace {
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
    ...fresh(id, trace_id),
    startUs: start_us,
    endUs: start_us + duration_us,
    root: { service: root_service, name: root_name, rank: is_complete ? 2 : 1, startUs: start_us },
    spans: row.spans,
    queries: row.queries,
    errors: row.errors,
    entries: new Set(row.entries.split('\n').filter(Boolean)),
    repeats: row.repeats,
  }
}
