import type { Database } from 'bun:sqlite'
import type { Metric, Temporality } from '../receive/telemetry-types'
import type { Value } from '../receive/values'

/** A series of points of one instrument: a program's, with one set of labels. */
export interface Series {
  id: number
  service: string
  name: string
  description: string
  unit: string
  kind: Metric['kind']
  temporality: Temporality
  labels: Record<string, Value>
  /** Upper bounds of its buckets, as the last point had them. */
  bounds: number[]
  lastUs: number
}

interface Row extends Omit<Series, 'labels' | 'bounds' | 'lastUs'> {
  labels: string
  bounds: string
  last_us: number
}

/** The series of an instrument: of all programs, or of one. */
export function seriesOf(db: Database, name: string, service = ''): Series[] {
  const rows = db
    .query(
      `SELECT s.id, r.service, s.name, s.description, s.unit, s.kind, s.temporality, s.labels, s.bounds, s.last_us
       FROM series s JOIN resources r ON r.id = s.resource
       WHERE s.name = ?1 AND (?2 = '' OR r.service = ?2) ORDER BY r.service, s.labels, s.id`,
    )
    .all(name, service) as Row[]
  return rows.map(({ labels, bounds, last_us, ...row }) => ({
    ...row,
    labels: JSON.parse(labels),
    bounds: bounds ? JSON.parse(bounds) : [],
    lastUs: last_us,
  }))
}

/** A point as it lies in the store: `counts` is JSON, and only read where somebody wants it. */
export interface StoredPoint {
  timeUs: number
  startUs: number
  value: number
  count: number
  counts: string
}

type Values = [number, number, number, number, string]

const columns = 'time_us, start_us, value, count, counts'
/** How long before the window a point may lie that what came in it is counted from: twice what SDKs export by default. */
const baseUs = 120_000_000

/** The points of a stretch of time, and the one before it, from which on they count. */
export function pointsOf(db: Database, series: number, fromUs: number, toUs: number): StoredPoint[] {
  const base = baseOf(db, series, fromUs)
  const points = read(
    db,
    'series = ? AND time_us > ? AND time_us <= ? ORDER BY time_us',
    series,
    base ? base.timeUs : fromUs,
    toUs,
  )
  return base ? [base, ...points] : points
}

/** The first and the last of them, where a sum over all is the same: while the program that sent them has not restarted. */
export function boundaryPoints(db: Database, { id, temporality }: Series, fromUs: number, toUs: number): StoredPoint[] {
  if (temporality !== 'cumulative') return pointsOf(db, id, fromUs, toUs)
  const first = baseOf(db, id, fromUs) ?? at(db, 'time_us > ?', 'ASC', id, fromUs)
  const last = lastPoint(db, id, toUs)
  if (!first || !last || last.timeUs <= first.timeUs) return first ? [first] : []
  return hasNoReset(first, last) ? [first, last] : pointsOf(db, id, fromUs, toUs)
}

/** The newest point until a time. */
export function lastPoint(db: Database, series: number, toUs: number): StoredPoint | undefined {
  return at(db, 'time_us <= ?', 'DESC', series, toUs)
}

/** Whether nothing was reset between two points. Without buckets the value itself must not have fallen. */
export function hasNoReset(before: StoredPoint, after: StoredPoint): boolean {
  const isLess = after.count < before.count || (after.count === 0 && after.value < before.value)
  return before.startUs === after.startUs && !isLess
}

function baseOf(db: Database, series: number, fromUs: number): StoredPoint | undefined {
  const base = lastPoint(db, series, fromUs)
  return base && base.timeUs > fromUs - baseUs ? base : undefined
}

function at(db: Database, where: string, order: 'ASC' | 'DESC', series: number, us: number): StoredPoint | undefined {
  return read(db, `series = ? AND ${where} ORDER BY time_us ${order} LIMIT 1`, series, us)[0]
}

// As bare rows: there may be a hundred thousand of them.
function read(db: Database, where: string, ...parameters: number[]): StoredPoint[] {
  const rows = db.query(`SELECT ${columns} FROM points WHERE ${where}`).values(...parameters) as Values[]
  return rows.map(([timeUs, startUs, value, count, counts]) => ({ timeUs, startUs, value, count, counts }))
}
