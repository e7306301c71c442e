import type { Database } from 'bun:sqlite'
import { lineOf } from '../loki-api/mapping'
import type { From, LogRecord } from '../receive/signals'
import { type ActiveTraces, countCost } from './active'
import type { Faults } from './faults'
import { markWriter } from './marks'
import type { Measures } from './measures'
import type { Resources } from './resources'
import { costOf } from './spans'

interface Parts {
  db: Database
  resources: Resources
  active: ActiveTraces
  measures: Measures
  faults: Faults
  /** Names of events that are marked. */
  marks: string[]
}

/** Stores log records, and counts what they cost. */
export function logWriter({ db, resources, active, measures, faults, marks }: Parts) {
  const insert = db.prepare('INSERT INTO logs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const mark = markWriter(db, marks)

  /** Answers how many. */
  return function write(groups: From<LogRecord>[], nowMs: number): number {
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
