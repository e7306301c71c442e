import type { Database } from 'bun:sqlite'
import type { ResourceGroup, Span } from '../receive/telemetry-types'
import {
  type ActiveTrace,
  type ActiveTraces,
  type Call,
  type Cost,
  type CostByService,
  countEdge,
} from './active-traces'
import type { ErrorGroups } from './error-groups'
import type { Resources } from './resources'
import type { Rollups } from './rollups'
import { addressOf, isQuery, isServer, peerOf, routeOf, statementOf } from './semantic-conventions'

/** From how many calls of one statement in one trace on they are worth a badge. */
export const minShownRepeats = 5

interface Parts {
  db: Database
  resources: Resources
  active: ActiveTraces
  measures: Rollups
  faults: ErrorGroups
}

/** Stores spans, and counts them by route, statement and edge. One that was sent twice is stored and counted once. */
export function createSpanWriter({ db, resources, active, measures, faults }: Parts) {
  const insert = db.prepare('INSERT OR IGNORE INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const noteRepeats = db.prepare(`INSERT INTO repeats VALUES (?, ?, ?) ON CONFLICT (subject)
    DO UPDATE SET most = excluded.most, trace_id = excluded.trace_id WHERE excluded.most >= most`)
  const client = 3

  /** Answers how many were new. */
  return function write(groups: ResourceGroup<Span>[], nowMs: number): number {
    let added = 0
    for (const { resource, items } of groups) {
      const resourceId = resources.idOf(resource)
      for (const span of items) if (add(resource.service, resourceId, span, nowMs)) added++
    }
    active.write()
    return added
  }

  function add(service: string, resourceId: number, span: Span, nowMs: number): boolean {
    const trace = active.of(span.traceId, nowMs)
    const { spanId, parentId, name, kind, startUs, durationUs, status } = span
    const attributes = JSON.stringify(span.attributes)
    const rest = restOf(span)
    const { changes } = insert.run(
      ...[trace.id, spanId, parentId, resourceId, name, kind, startUs, durationUs, status, attributes, rest],
    )
    if (changes === 0) return false
    const isError = status === 2
    enlarge(trace, service, span)
    trace.entries.add(`${service}\t`)
    if (isError) trace.errors++
    const cost = costOf(trace.costs, service)
    cost.spans++
    cost.spanBytes += name.length + attributes.length + rest.length + 100
    if (isServer(span)) answered(trace, service, span, isError)
    else if (isQuery(span)) queried(trace, service, span, isError)
    else if (kind === client) called(trace, service, span, isError)
    if (isError) faults.ofSpan(service, span)
    return true
  }

  function answered(trace: ActiveTrace, service: string, span: Span, isError: boolean): void {
    const route = routeOf(span)
    trace.entries.add(`${service}\t${route}`)
    costOf(trace.costs, service).route ||= route
    measures.add(measures.subjectId({ what: 'route', service, name: route }), endOf(span), span.durationUs, isError)
    if (!span.parentId) return
    const call = trace.pendingCalls.get(span.parentId)
    trace.pendingCalls.delete(span.parentId)
    if (call && call.service !== service) countEdge(measures, call, service, 'service')
    if (!call) trace.pendingServers.set(span.parentId, service)
  }

  function queried(trace: ActiveTrace, service: string, span: Span, isError: boolean): void {
    const { summary, detail, database, text } = statementOf(span)
    countEdge(measures, callOf(service, span, isError), database, 'database')
    if (!text && !summary) return
    trace.queries++
    const subject = measures.subjectId({ what: 'query', service, name: summary, detail })
    measures.add(subject, endOf(span), span.durationUs, isError)
    const times = (trace.statements.get(subject) ?? 0) + 1
    trace.statements.set(subject, times)
    trace.repeats = Math.max(trace.repeats, times)
    if (times >= minShownRepeats) noteRepeats.run(subject, times, trace.traceId)
  }

  function called(trace: ActiveTrace, service: string, span: Span, isError: boolean): void {
    const call = callOf(service, span, isError)
    const peer = peerOf(span) || trace.pendingServers.get(span.spanId)
    trace.pendingServers.delete(span.spanId)
    if (peer) countEdge(measures, call, peer, 'service')
    else trace.pendingCalls.set(span.spanId, call)
  }
}

const endOf = ({ startUs, durationUs }: Span): number => startUs + durationUs

function callOf(service: string, span: Span, isError: boolean): Call {
  return { service, address: addressOf(span), endUs: endOf(span), durationUs: span.durationUs, isError }
}

/** What a program has sent, among what all have. */
export function costOf(costs: CostByService, service: string): Cost {
  const known = costs.get(service)
  if (known) return known
  const made = { route: '', spans: 0, spanBytes: 0, logs: 0, logBytes: 0 }
  costs.set(service, made)
  return made
}

// The span without a parent names the trace; until it comes, the earliest that a server answered, or the earliest of all.
function enlarge(trace: ActiveTrace, service: string, span: Span): void {
  trace.startUs = trace.spans === 0 ? span.startUs : Math.min(trace.startUs, span.startUs)
  trace.endUs = Math.max(trace.endUs, endOf(span))
  trace.spans++
  const rank = span.parentId === '' ? 2 : isServer(span) ? 1 : 0
  const { root } = trace
  if (rank < root.rank || (rank === root.rank && span.startUs >= root.startUs)) return
  trace.root = { service, name: isServer(span) ? routeOf(span) : span.name, rank, startUs: span.startUs }
}

function restOf({ statusMessage, events, links, scope }: Span): string {
  return JSON.stringify({
    ...(statusMessage && { statusMessage }),
    ...(events.length > 0 && { events }),
    ...(links.length > 0 && { links }),
    ...(scope.name && { scope }),
  })
}
