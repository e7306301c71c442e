import type { Database } from 'bun:sqlite'
import type { Metric, Temporality } from '../receive/telemetry-types'
import type { Value } from '../receive/values'

/** A time series of an instrument: the data points of one resource with one set of labels. */
export interface Series {
  id: number
  service: string
  name: string
  description: string
  unit: string
  kind: Metric['kind']
  temporality: Temporality
  labels: Record<string, Value>
  /** The upper bounds of its buckets in the last point. */
  bounds: number[]
  lastUs: number
}

interface Row extends Omit<Series, 'labels' | 'bounds' | 'lastUs'> {
  labels: string
  bounds: string
  last_us: number
}

/** The series of an instrument, of all services or of one. */
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

/** A data point as stored. `counts` is JSON that is parsed on demand. */
export interface StoredPoint {
  timeUs: number
  startUs: number
  value: number
  count: number
  counts: string
}

type Values = [number, number, number, number, string]

const columns = 'time_us, start_us, value, count, counts'
/** The max age of the base point before a window: twice the default export interval of SDKs. */
const maxBaseAgeUs = 120_000_000

/** The points in a period, after the last one before it: the base of the first increase. */
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

/** The first and the last of these points, whose difference is the total increase; all points after a reset. */
export function boundaryPoints(db: Database, { id, temporality }: Series, fromUs: number, toUs: number): StoredPoint[] {
  if (temporality !== 'cumulative') return pointsOf(db, id, fromUs, toUs)
  const first = baseOf(db, id, fromUs) ?? findPoint(db, 'time_us > ?', 'ASC', id, fromUs)
  const last = lastPoint(db, id, toUs)
  if (!first || !last || last.timeUs <= first.timeUs) return first ? [first] : []
  return hasNoReset(first, last) ? [first, last] : pointsOf(db, id, fromUs, toUs)
}

/** The newest point up to a time. */
export function lastPoint(db: Database, series: number, toUs: number): StoredPoint | undefined {
  return findPoint(db, 'time_us <= ?', 'DESC', series, toUs)
}

/** Whether there was no reset between two points. The value is compared only for counters, which have no count. */
export function hasNoReset(before: StoredPoint, after: StoredPoint): boolean {
  const isLess = after.count < before.count || (after.count === 0 && after.value < before.value)
  return before.startUs === after.startUs && !isLess
}

function baseOf(db: Database, series: number, fromUs: number): StoredPoint | undefined {
  const base = lastPoint(db, series, fromUs)
  return base && base.timeUs > fromUs - maxBaseAgeUs ? base : undefined
}

function findPoint(
  db: Database,
  where: string,
  order: 'ASC' | 'DESC',
  series: number,
  us: number,
): StoredPoint | undefined {
  return read(db, `series = ? AND ${where} ORDER BY time_us ${order} LIMIT 1`, series, us)[0]
}

// Arrays are faster to read than objects, and there can be 100 000 rows.
function read(db: Database, where: string, ...parameters: number[]): StoredPoint[] {
  const rows = db.query(`SELECT ${columns} FROM points WHERE ${where}`).values(...parameters) as Values[]
  return rows.map(([timeUs, startUs, value, count, counts]) => ({ timeUs, startUs, value, count, counts }))
}
