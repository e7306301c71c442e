import type { Database } from 'bun:sqlite'
import { addDuration, type Histogram, parseHistogram, serializeHistogram } from './histogram'

/** What is counted: a route, a statement, an edge of the map, or the spans or log records that a route sends. */
export interface Subject {
  what: 'route' | 'query' | 'edge' | 'spans' | 'logs'
  service: string
  name: string
  detail?: string
}

export const slotMs = 10_000
export const slotOf = (us: number): number => Math.floor(us / 1000 / slotMs)

interface Cell {
  slot: number
  subject: number
  count: number
  errors: number
  sumUs: number
  bytes: number
  histogram: Histogram
  isDirty: boolean
}

const maxSubjects = 5000
// Times further ahead, from a wrong clock, count as this one.
const maxTimeUs = () => (Date.now() + 300_000) * 1000

/**
 * Counts by subject and slot of ten seconds, so that no page counts spans. Current slots are in memory, and `flush` writes them.
 */
export function createRollups(db: Database) {
  const insertSubject = db.prepare('INSERT INTO subjects (what, service, name, detail) VALUES (?, ?, ?, ?)')
  const findSubject = db.prepare('SELECT id FROM subjects WHERE what = ? AND service = ? AND name = ? AND detail = ?')
  const find = db.prepare('SELECT * FROM rollups WHERE slot = ? AND subject = ?')
  const save = db.prepare('INSERT OR REPLACE INTO rollups VALUES (?, ?, ?, ?, ?, ?, ?)')
  let count = (db.prepare('SELECT count(*) AS n FROM subjects').get() as { n: number }).n
  const subjects = new Map<string, number>()
  const cells = new Map<string, Cell>()
  return { subjectId, add, addBytes, flush }

  /** The id of a subject. Beyond 5000 subjects, all new ones of a service share one id, so that the table is bounded. */
  function subjectId({ what, service, name, detail = '' }: Subject): number {
    const key = `${what}\n${service}\n${name}\n${detail}`
    const cached = subjects.get(key)
    if (cached !== undefined) return cached
    const found = findSubject.get(what, service, name, detail) as { id: number } | null
    if (!found && count >= maxSubjects && name !== '…')
      return subjectId({ what, service: count < 2 * maxSubjects ? service : '…', name: '…' })
    if (!found) count++
    const id = found?.id ?? Number(insertSubject.run(what, service, name, detail).lastInsertRowid)
    subjects.set(key, id)
    return id
  }

  function add(subject: number, endUs: number, durationUs: number, isError: boolean): void {
    const cell = cellOf(subject, slotOf(Math.min(endUs, maxTimeUs())))
    cell.count++
    if (isError) cell.errors++
    cell.sumUs += durationUs
    addDuration(cell.histogram, durationUs)
  }

  function addBytes(subject: number, atUs: number, items: number, bytes: number): void {
    const cell = cellOf(subject, slotOf(Math.min(atUs, maxTimeUs())))
    cell.count += items
    cell.bytes += bytes
  }

  function cellOf(subject: number, slot: number): Cell {
    const key = `${slot}:${subject}`
    const cell = cells.get(key) ?? load(subject, slot)
    cell.isDirty = true
    cells.set(key, cell)
    return cell
  }

  function load(subject: number, slot: number): Cell {
    const row = find.get(slot, subject) as Record<string, number> | null
    if (!row) return { slot, subject, count: 0, errors: 0, sumUs: 0, bytes: 0, histogram: new Map(), isDirty: true }
    const { count = 0, errors = 0, sum_us = 0, bytes = 0, histogram } = row
    return {
      slot,
      subject,
      count,
      errors,
      sumUs: sum_us,
      bytes,
      histogram: parseHistogram(String(histogram)),
      isDirty: true,
    }
  }

  /** Writes changed cells, and removes those of old slots from memory. */
  function flush(nowMs: number): void {
    const oldest = slotOf(nowMs * 1000) - 3
    for (const [key, cell] of cells) {
      if (cell.isDirty) {
        const { subject, slot, count, errors, sumUs, bytes, histogram } = cell
        save.run(subject, slot, count, errors, sumUs, bytes, serializeHistogram(histogram))
        cell.isDirty = false
      }
      if (cell.slot < oldest) cells.delete(key)
    }
  }
}

export type Rollups = ReturnType<typeof createRollups>
