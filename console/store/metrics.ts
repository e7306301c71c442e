import type { Database } from 'bun:sqlite'
import type { DataPoint, Metric, ResourceGroup } from '../receive/telemetry-types'
import type { Resources } from './resources'

const maxSeries = 20_000
// An export that is sent in several requests has nearly the same time in each.
const minIntervalUs = 100_000

/** Stores data points by series: resource, metric name and attributes. */
export function createMetricWriter(
  db: Database,
  resources: Resources,
  countDropped: (what: string, why: string, count: number) => void,
) {
  const insertSeries =
    db.prepare(`INSERT INTO series (resource, name, description, unit, kind, temporality, labels, bounds, last_us)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`)
  const find = db.prepare('SELECT id FROM series WHERE name = ? AND resource = ? AND labels = ?')
  const touch = db.prepare('UPDATE series SET last_us = max(last_us, ?), bounds = ? WHERE id = ?')
  const insert = db.prepare('INSERT OR IGNORE INTO points VALUES (?, ?, ?, ?, ?, ?)')
  const lastOf = db.prepare('SELECT max(last_us) AS us FROM series WHERE resource = ?')
  const countSeries = db.prepare('SELECT count(*) AS n FROM series')
  const cache = new Map<string, number>()

  /** Returns the number of stored points. */
  return function write(groups: ResourceGroup<Metric>[]): number {
    let added = 0
    for (const { resource, items } of groups) {
      const resourceId = resources.idOf(resource)
      const sentBeforeUs = (lastOf.get(resourceId) as { us: number | null }).us ?? 0
      for (const metric of items)
        for (const point of metric.points) added += add(resourceId, metric, point, sentBeforeUs)
    }
    return added
  }

  function add(resourceId: number, metric: Metric, point: DataPoint, sentBeforeUs: number): number {
    const { timeUs, startUs, value, count = 0, counts = [], bounds = [] } = point
    const boundsText = bounds.length > 0 ? JSON.stringify(bounds) : ''
    const key = keyOf(resourceId, metric, point)
    let series = seriesOf(key, resourceId, metric)
    if (series !== undefined && touch.run(timeUs, boundsText, series.id).changes === 0) {
      // The row of an idle series was deleted.
      cache.delete(key.text)
      series = seriesOf(key, resourceId, metric)
      if (series) touch.run(timeUs, boundsText, series.id)
    }
    if (series === undefined) {
      countDropped('points', 'series', 1)
      return 0
    }
    let added = 0
    // A running service has a new counter, which started at 0 after the last export, not at the start of the process.
    if (
      series.isNew &&
      metric.temporality === 'cumulative' &&
      startUs < sentBeforeUs &&
      timeUs - sentBeforeUs > minIntervalUs
    ) {
      added += insert.run(series.id, sentBeforeUs, startUs, 0, 0, serializeCounts(counts.map(() => 0))).changes
    }
    return added + insert.run(series.id, timeUs, startUs, value, count, serializeCounts(counts)).changes
  }

  function seriesOf({ text, labels }: Key, resourceId: number, metric: Metric): Found | undefined {
    const { name, description, unit, kind, temporality } = metric
    const cached = cache.get(text)
    if (cached !== undefined) return { id: cached, isNew: false }
    const found = find.get(name, resourceId, labels) as { id: number } | null
    if (!found && (countSeries.get() as { n: number }).n >= maxSeries) return undefined
    // The cache can also have deleted series.
    if (cache.size >= 2 * maxSeries) cache.clear()
    const id =
      found?.id ??
      Number(insertSeries.run(resourceId, name, description, unit, kind, temporality, labels, '').lastInsertRowid)
    cache.set(text, id)
    return { id, isNew: found === null }
  }
}

interface Key {
  text: string
  /** The attributes as JSON, sorted by name. */
  labels: string
}

interface Found {
  id: number
  isNew: boolean
}

function keyOf(resourceId: number, { name }: Metric, { attributes }: DataPoint): Key {
  const labels = JSON.stringify(Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))))
  return { text: `${name}\n${resourceId}\n${labels}`, labels }
}

const serializeCounts = (counts: number[]): string => (counts.length > 0 ? JSON.stringify(counts) : '')
