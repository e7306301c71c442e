import type { Database } from 'bun:sqlite'
import type { TimeWindow } from '../ui/time-window'
import { addDistribution, type Distribution } from './distribution'
import { type Series, seriesOf } from './series'
import { computeSeriesStats, isMonotonic, type SeriesStats } from './series-stats'

/** An instrument that was received, all programs and series together. */
export interface Instrument {
  name: string
  description: string
  unit: string
  kind: Series['kind']
  services: string[]
  series: number
  lastUs: number
}

/** What an instrument says in a window. */
export interface InstrumentStats {
  /** Its newest values: the least and the most of a gauge's series, the sum of others. */
  low: number
  high: number
  total: number
  count: number
  distribution: Distribution
  /** How much more a second, of counters; how many values a second, of histograms. */
  perSecond: number
}

interface Row extends Omit<Instrument, 'services' | 'lastUs'> {
  services: string
  last_us: number
}

/** Those of which the name or the description has the text. */
export function findInstruments(db: Database, text = '', service = ''): Instrument[] {
  const rows = db
    .query(
      `SELECT s.name, max(s.description) AS description, s.unit, s.kind, count(*) AS series, max(s.last_us) AS last_us,
         json_group_array(DISTINCT r.service) AS services
       FROM series s JOIN resources r ON r.id = s.resource
       WHERE (?1 = '' OR r.service = ?1) GROUP BY s.name ORDER BY s.name`,
    )
    .all(service) as Row[]
  const wanted = text.toLowerCase()
  return rows
    .filter(({ name, description }) => `${name}\n${description}`.toLowerCase().includes(wanted))
    .map(({ services, last_us, ...row }) => ({ ...row, services: JSON.parse(services).sort(), lastUs: last_us }))
}

/** From how long before the newest point on a series is not alive any more: its program has ended. */
const aliveUs = 70_000_000

export function computeInstrumentStats(
  db: Database,
  { name }: Instrument,
  service: string,
  window: TimeWindow,
): InstrumentStats {
  const all = seriesOf(db, name, service)
  const newestUs = Math.max(...all.map(({ lastUs }) => lastUs))
  const reading = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY, total: 0, count: 0, perSecond: 0 }
  const distribution: Distribution = new Map()
  let added = 0
  let seconds = 0
  for (const series of all) {
    const isAlive = series.lastUs > newestUs - aliveUs
    if (!isAlive && (!isMonotonic(series) || series.lastUs < window.fromUs)) continue
    const figures = computeSeriesStats(db, series, window)
    if (isAlive) addLast(reading, series, figures)
    addDistribution(distribution, figures.distribution)
    added += series.kind === 'counter' ? figures.value : figures.count
    reading.count += figures.count
    seconds = Math.max(seconds, figures.seconds)
  }
  return { ...reading, distribution, perSecond: seconds > 0 ? added / seconds : 0 }
}

// What a delta says last is what came since the point before: it is its sum that tells something.
function addLast(
  reading: Pick<InstrumentStats, 'low' | 'high' | 'total'>,
  series: Series,
  { last, value }: SeriesStats,
): void {
  if (!last) return
  const shown = series.temporality === 'delta' && isMonotonic(series) ? value : last.value
  reading.low = Math.min(reading.low, shown)
  reading.high = Math.max(reading.high, shown)
  reading.total += shown
}
