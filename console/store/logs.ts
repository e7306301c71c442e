import type { Database } from 'bun:sqlite'
import { lineOf } from '../loki-api/mapping'
import type { LogRecord, ResourceGroup } from '../receive/telemetry-types'
import type { ActiveTraces } from './active-traces'
import { createAnnotationWriter } from './annotations'
import type { ErrorGroups } from './error-groups'
import type { Resources } from './resources'
import type { Rollups } from './rollups'
import { costOf, countCost } from './telemetry-cost'

interface Parts {
  db: Database
  resources: Resources
  active: ActiveTraces
  rollups: Rollups
  errorGroups: ErrorGroups
  annotationEvents: string[]
}

// Approximates the bytes of the other fields of a record.
const fixedBytes = 100

/** Stores log records, and counts their cost by trace. */
export function createLogWriter({ db, resources, active, rollups, errorGroups, annotationEvents }: Parts) {
  const insert = db.prepare('INSERT INTO logs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const writeAnnotation = createAnnotationWriter(db, annotationEvents)

  /** Returns the number of records. */
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
    writeAnnotation(service, record, body, attributes)
    errorGroups.addLog(service, record)
    const cost = costOf(traceId ? active.costsOf(traceId, nowMs) : new Map(), service)
    cost.logs++
    cost.logBytes += body.length + attributes.length + fixedBytes
    if (!traceId) countCost(rollups, timeUs, service, cost)
  }
}
