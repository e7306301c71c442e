import type { Database } from 'bun:sqlite'
import type { LogRecord } from '../receive/telemetry-types'

const maxAnnotations = 500
const maxBodyLength = 500
const maxAttributesLength = 4000

/**
 * Stores the newest 500 log records with one of these event names, for the time axes of pages. They have a table of their own
 * because log records can be pruned within the day.
 */
export function createAnnotationWriter(db: Database, eventNames: string[]) {
  const stored = new Set(eventNames)
  const insert = db.prepare('INSERT INTO annotations VALUES (NULL, ?, ?, ?, ?, ?)')
  const prune = db.prepare(`DELETE FROM annotations WHERE id <= ? - ${maxAnnotations}`)

  return function write(service: string, { eventName, timeUs }: LogRecord, body: string, attributes: string): void {
    if (!stored.has(eventName)) return
    const limited = attributes.length > maxAttributesLength ? '{}' : attributes
    const { lastInsertRowid } = insert.run(timeUs, service, eventName, body.slice(0, maxBodyLength), limited)
    prune.run(lastInsertRowid)
  }
}
