import type { Database } from 'bun:sqlite'
import { lineOf } from '../loki-api/mapping'
import type { LogRecord, ResourceGroup } from '../receive/telemetry-types'
import { type ActiveTraces, countCost } from './active-traces'
import { createAnnotationWriter } from './annotations'
import type { ErrorGroups } from './error-groups'
import type { Resources } from './resources'
import type { Rollups } from './rollups'
import { costOf } from './spans'

interface Parts {
  db: Database
  resources: Resources
  active: ActiveTraces
  measures: Rollups
  faults: ErrorGroups
  /** Names of events that are marked. */
  marks: string[]
}

/** Stores log records, and counts what they cost. */
export function createLogWriter({ db, resources, active, measures, faults, marks }: Parts) {
  const insert = db.prepare('INSERT INTO logs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const mark = createAnnotationWriter(db, marks)

  /** Answers how many. */
  return function write(groups: ResourceGroup<LogRecord>[], nowMs: number): number {
    let added = 0
    for (const { resource, items } of groups) {
      const resourceId = resources.idOf(resource)
      for (const record of items) add(resource.service, resourceId, record, nowMs)
      added += items.length
    }
    return added
  }

  function add(service: string, resourceId: number, record: LogRecord, nowMs: number): void {
    const { timeUs, severity, eventName, traceId, spanId } = record
    const body = lineOf(record.body)
    const attributes = JSON.stringify(record.attributes)
    const nanos = Number(record.timeNs - BigInt(timeUs) * 1000n)
    const { severityText, observedNs, flags, scope } = record
    const rest = JSON.stringify({ severityText, observedNs: String(observedNs), flags, scope })
    insert.run(timeUs, resourceId, severity, eventName, body, attributes, traceId, spanId, nanos, rest)
    mark(service, record, body, attributes)
    faults.ofLog(service, record)
    const cost = costOf(traceId ? active.costsOf(traceId, nowMs) : new Map(), service)
    cost.logs++
    cost.logBytes += body.length + attributes.length + 100
    if (!traceId) countCost(measures, timeUs, service, cost)
  }
}
