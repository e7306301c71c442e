import type { Database } from 'bun:sqlite'
import type { TimeWindow } from '../ui/time-window'
import { addDistribution, type Distribution } from './distribution'
import { type Series, seriesOf } from './series'
import { computeSeriesStats, isMonotonic, type SeriesStats } from './series-stats'

/** A received instrument, with the series of all services. */
export interface Instrument {
  name: string
  description: string
  unit: string
  kind: Series['kind']
  services: string[]
  series: number
  lastUs: number
}

/** The values of an instrument in a time window. */
export interface InstrumentStats {
  /** The min, the max and the sum of the last values of its active series. */
  low: number
  high: number
  total: number
  count: number
  distribution: Distribution
  /** The increase per second of a counter, or the number of values per second of a histogram. */
  perSecond: number
}

interface Row extends Omit<Instrument, 'services' | 'lastUs'> {
  services: string
  last_us: number
}

/** The instruments whose name or description contains `text`, ignoring case. */
export function findInstruments(db: Database, text = '', service = ''): Instrument[] {
  const rows = db
    .query(
      `SELECT s.name, max(s.description) AS description, s.unit, s.kind, count(*) AS series, max(s.last_us) AS last_us,
         json_group_array(DISTINCT r.service) AS services
       FROM series s JOIN resources r ON r.id = s.resource
       WHERE (?1 = '' OR r.service = ?1) GROUP BY s.name ORDER BY s.name`,
    )
    .all(service) as Row[]
  const lowerCaseText = text.toLowerCase()
  return rows
    .filter(({ name, description }) => `${name}\n${description}`.toLowerCase().includes(lowerCaseText))
    .map(({ services, last_us, ...row }) => ({ ...row, services: JSON.parse(services).sort(), lastUs: last_us }))
}

/** A series is inactive if its last point is this much older than the newest one: its process has ended. */
const inactiveAfterUs = 70_000_000

export function computeInstrumentStats(
  db: Database,
  { name }: Instrument,
  service: string,
  window: TimeWindow,
): InstrumentStats {
  const all = seriesOf(db, name, service)
  const newestUs = Math.max(...all.map(({ lastUs }) => lastUs))
  const stats = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY, total: 0, count: 0, perSecond: 0 }
  const distribution: Distribution = new Map()
  let added = 0
  let seconds = 0
  for (const series of all) {
    const isActive = series.lastUs > newestUs - inactiveAfterUs
    if (!isActive && (!isMonotonic(series) || series.lastUs < window.fromUs)) continue
    const seriesStats = computeSeriesStats(db, series, window)
    if (isActive) addLast(stats, series, seriesStats)
    addDistribution(distribution, seriesStats.distribution)
    added += series.kind === 'counter' ? seriesStats.value : seriesStats.count
    stats.count += seriesStats.count
    seconds = Math.max(seconds, seriesStats.seconds)
  }
  return { ...stats, distribution, perSecond: seconds > 0 ? added / seconds : 0 }
}

// A delta point counts only since the previous point, so the sum over the window is shown instead.
function addLast(
  stats: Pick<InstrumentStats, 'low' | 'high' | 'total'>,
  series: Series,
  { last, value }: SeriesStats,
): void {
  if (!last) return
  const shown = series.temporality === 'delta' && isMonotonic(series) ? value : last.value
  stats.low = Math.min(stats.low, shown)
  stats.high = Math.max(stats.high, shown)
  stats.total += shown
}
