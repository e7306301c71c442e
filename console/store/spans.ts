import type { Database } from 'bun:sqlite'
import type { ResourceGroup, Span } from '../receive/telemetry-types'
import { type ActiveTrace, type ActiveTraces, type Call, countEdge, rootRank } from './active-traces'
import type { ErrorGroups } from './error-groups'
import type { Resources } from './resources'
import type { Rollups } from './rollups'
import { addressOf, isClient, isQuery, isServer, peerOf, routeOf, statementOf } from './semantic-conventions'
import { costOf } from './telemetry-cost'

/** Pages show a badge for a statement that one trace calls at least this often. */
export const minShownRepeats = 5

interface Parts {
  db: Database
  resources: Resources
  active: ActiveTraces
  rollups: Rollups
  errorGroups: ErrorGroups
}

const errorStatus = 2
// Approximates the bytes of the other fields of a span.
const fixedBytes = 100

/** Stores spans, and counts them by route, statement and edge. A span that is received twice is stored and counted once. */
export function createSpanWriter({ db, resources, active, rollups, errorGroups }: Parts) {
  const insert = db.prepare('INSERT OR IGNORE INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const saveRepeats = db.prepare(`INSERT INTO repeats VALUES (?, ?, ?) ON CONFLICT (subject)
    DO UPDATE SET count = excluded.count, trace_id = excluded.trace_id WHERE excluded.count >= count`)

  /** Returns the number of new spans. */
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
    const trace = active.get(span.traceId, nowMs)
    const { spanId, parentId, name, kind, startUs, durationUs, status } = span
    const attributes = JSON.stringify(span.attributes)
    const rest = restOf(span)
    const { changes } = insert.run(
      ...[trace.id, spanId, parentId, resourceId, name, kind, startUs, durationUs, status, attributes, rest],
    )
    if (changes === 0) return false
    const isError = status === errorStatus
    extendTrace(trace, service, span)
    trace.entries.add(`${service}\t`)
    if (isError) trace.errors++
    const cost = costOf(trace.costs, service)
    cost.spans++
    cost.spanBytes += name.length + attributes.length + rest.length + fixedBytes
    if (isServer(span)) recordServer(trace, service, span, isError)
    else if (isQuery(span)) recordQuery(trace, service, span, isError)
    else if (isClient(span)) recordClient(trace, service, span, isError)
    if (isError) errorGroups.addSpan(service, span)
    return true
  }

  function recordServer(trace: ActiveTrace, service: string, span: Span, isError: boolean): void {
    const route = routeOf(span)
    trace.entries.add(`${service}\t${route}`)
    costOf(trace.costs, service).route ||= route
    rollups.add(rollups.subjectId({ what: 'route', service, name: route }), endOf(span), span.durationUs, isError)
    if (!span.parentId) return
    const call = trace.pendingCalls.get(span.parentId)
    trace.pendingCalls.delete(span.parentId)
    if (call && call.service !== service) countEdge(rollups, call, service, 'service')
    if (!call) trace.pendingServers.set(span.parentId, service)
  }

  function recordQuery(trace: ActiveTrace, service: string, span: Span, isError: boolean): void {
    const { summary, detail, database, text } = statementOf(span)
    countEdge(rollups, callOf(service, span, isError), database, 'database')
    if (!text && !summary) return
    trace.queries++
    const subject = rollups.subjectId({ what: 'query', service, name: summary, detail })
    rollups.add(subject, endOf(span), span.durationUs, isError)
    const times = (trace.statements.get(subject) ?? 0) + 1
    trace.statements.set(subject, times)
    trace.repeats = Math.max(trace.repeats, times)
    if (times >= minShownRepeats) saveRepeats.run(subject, times, trace.traceId)
  }

  function recordClient(trace: ActiveTrace, service: string, span: Span, isError: boolean): void {
    const call = callOf(service, span, isError)
    const peer = peerOf(span) || trace.pendingServers.get(span.spanId)
    trace.pendingServers.delete(span.spanId)
    if (peer) countEdge(rollups, call, peer, 'service')
    else trace.pendingCalls.set(span.spanId, call)
  }
}

const endOf = ({ startUs, durationUs }: Span): number => startUs + durationUs

function callOf(service: string, span: Span, isError: boolean): Call {
  return { service, address: addressOf(span), endUs: endOf(span), durationUs: span.durationUs, isError }
}

// The root span names the trace. Until it arrives, the earliest server span does, or else the earliest span.
function extendTrace(trace: ActiveTrace, service: string, span: Span): void {
  trace.startUs = trace.spans === 0 ? span.startUs : Math.min(trace.startUs, span.startUs)
  trace.endUs = Math.max(trace.endUs, endOf(span))
  trace.spans++
  const rank = span.parentId === '' ? rootRank : isServer(span) ? 1 : 0
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
