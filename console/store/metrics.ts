import type { Database } from 'bun:sqlite'
import type { From, Metric, Point } from '../receive/signals'
import type { Resources } from './resources'

const mostSeries = 20_000

/** Stores metric points by series. */
export function metricWriter(
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
  const known = new Map<string, number>()

  /** Answers how many points. */
  return function write(groups: From<Metric>[]): number {
    let added = 0
    for (const { resource, items } of groups) {
      const resourceId = resources.idOf(resource)
      for (const metric of items) for (const point of metric.points) if (add(resourceId, metric, point)) added++
    }
    return added
  }

  function add(resourceId: number, metric: Metric, point: Point): boolean {
    const { timeUs, startUs, value, count = 0, counts = [], bounds = [] } = point
    const series = seriesOf(resourceId, metric, point)
    if (series === undefined) {
      drop('points', 'series', 1)
      return false
    }
    touch.run(timeUs, bounds.length > 0 ? JSON.stringify(bounds) : '', series)
    return (
      insert.run(series, timeUs, startUs, value, count, counts.length > 0 ? JSON.stringify(counts) : '').changes > 0
    )
  }

  function seriesOf(resourceId: number, metric: Metric, { attributes }: Point): number | undefined {
    const { name, description, unit, kind, temporality } = metric
    const labels = JSON.stringify(Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))))
    const key = `${name}\n${resourceId}\n${labels}`
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= mostSeries) return undefined
    const found = find.get(name, resourceId, labels) as { id: number } | null
    const id =
      found?.id ??
      Number(insertSeries.run(resourceId, name, description, unit, kind, temporality, labels, '').lastInsertRowid)
    known.set(key, id)
    return id
  }
}
