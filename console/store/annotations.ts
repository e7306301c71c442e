import type { Database } from 'bun:sqlite'
import type { LogRecord } from '../receive/telemetry-types'

const mostMarks = 500
const mostText = 500
const mostAttributes = 4000

/** Keeps the events that pages mark on their time axes, the newest 500: lines go long before a day is over, these do not. */
export function createAnnotationWriter(db: Database, names: string[]) {
  const wanted = new Set(names)
  const insert = db.prepare('INSERT INTO marks VALUES (NULL, ?, ?, ?, ?, ?)')
  const drop = db.prepare(`DELETE FROM marks WHERE id <= ? - ${mostMarks}`)

  return function ofLog(service: string, { eventName, timeUs }: LogRecord, body: string, attributes: string): void {
    if (!wanted.has(eventName)) return
    const said = attributes.length > mostAttributes ? '{}' : attributes
    const { lastInsertRowid } = insert.run(timeUs, service, eventName, body.slice(0, mostText), said)
    drop.run(lastInsertRowid)
  }
}
