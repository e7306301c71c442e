import type { Database } from 'bun:sqlite'
import { type Series, seriesOf } from '../metrics/series'
import { computeSeriesStats } from '../metrics/series-stats'
import type { TimeWindow } from '../ui/time-window'
import type { Panel } from '../views'

/** What a panel shows; nothing where its metrics haven't come. */
export function panelValue(db: Database, panel: Panel, window: TimeWindow): number | undefined {
  const own = seriesOf(db, panel.metric).filter(carries(panel.labels))
  if (own.length === 0) return undefined
  const all = own.map((series) => computeSeriesStats(db, series, window))
  const value = sum(all.map((figures) => figures.value))
  if (panel.kind === 'per_minute') {
    const seconds = Math.max(...all.map((figures) => figures.seconds))
    return seconds > 0 ? (value / seconds) * 60 : 0
  }
  if (panel.kind === 'mean') {
    const count = sum(all.map((figures) => figures.count))
    return count > 0 ? value / count : undefined
  }
  const of = sum(seriesOf(db, panel.of).map((series) => computeSeriesStats(db, series, window).value))
  return of > 0 ? value / of : undefined
}

const carries = (labels: Record<string, string>) => (series: Series) =>
  Object.entries(labels).every(([key, value]) => String(series.labels[key]) === value)

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
