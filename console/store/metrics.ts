import type { Database } from 'bun:sqlite'
import type { DataPoint, Metric, ResourceGroup } from '../receive/telemetry-types'
import type { Resources } from './resources'

const mostSeries = 20_000
// What is sent in pieces says nearly the same time in each.
const leastIntervalUs = 100_000

/** Stores metric points by series. */
export function createMetricWriter(
  db: Database,
  resources: Resources,
  drop: (what: string, why: string, count: number) => void,
) {
  const insertSeries =
    db.prepare(`INSERT INTO series (resource, name, description, unit, kind, temporality, labels, bounds, last_us)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`)
  const find = db.prepare('SELECT id FROM series WHERE name = ? AND resource = ? AND labels = ?')
  const touch = db.prepare('UPDATE series SET last_us = max(last_us, ?), bounds = ? WHERE id = ?')
  const insert = db.prepare('INSERT OR IGNORE INTO points VALUES (?, ?, ?, ?, ?, ?)')
  const lastOf = db.prepare('SELECT max(last_us) AS us FROM series WHERE resource = ?')
  const countSeries = db.prepare('SELECT count(*) AS n FROM series')
  const known = new Map<string, number>()
  return write

  /** Answers how many points. */
  function write(groups: ResourceGroup<Metric>[]): number {
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
    const shownBounds = bounds.length > 0 ? JSON.stringify(bounds) : ''
    const key = keyOf(resourceId, metric, point)
    let series = seriesOf(key, resourceId, metric)
    if (series !== undefined && touch.run(timeUs, shownBounds, series.id).changes === 0) {
      // It was idle for so long that it was dropped.
      known.delete(key.text)
      series = seriesOf(key, resourceId, metric)
      if (series) touch.run(timeUs, shownBounds, series.id)
    }
    if (series === undefined) {
      drop('points', 'series', 1)
      return 0
    }
    let added = 0
    // A program that was here before has begun to count something: from 0, though it says since when it runs.
    if (
      series.isNew &&
      metric.temporality === 'cumulative' &&
      startUs < sentBeforeUs &&
      timeUs - sentBeforeUs > leastIntervalUs
    ) {
      added += insert.run(series.id, sentBeforeUs, startUs, 0, 0, textOf(counts.map(() => 0))).changes
    }
    return added + insert.run(series.id, timeUs, startUs, value, count, textOf(counts)).changes
  }

  function seriesOf({ text, labels }: Key, resourceId: number, metric: Metric): Found | undefined {
    const { name, description, unit, kind, temporality } = metric
    const before = known.get(text)
    if (before !== undefined) return { id: before, isNew: false }
    const found = find.get(name, resourceId, labels) as { id: number } | null
    if (!found && (countSeries.get() as { n: number }).n >= mostSeries) return undefined
    // Those that were dropped meanwhile are in it, too.
    if (known.size >= 2 * mostSeries) known.clear()
    const id =
      found?.id ??
      Number(insertSeries.run(resourceId, name, description, unit, kind, temporality, labels, '').lastInsertRowid)
    known.set(text, id)
    return { id, isNew: found === null }
  }
}

interface Key {
  text: string
  /** As JSON, in order. */
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

const textOf = (counts: number[]): string => (counts.length > 0 ? JSON.stringify(counts) : '')
