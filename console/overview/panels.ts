import type { Database } from 'bun:sqlite'
import { type Series, seriesOf } from '../metrics/series'
import { computeSeriesStats } from '../metrics/series-stats'
import type { TimeWindow } from '../ui/time-window'
import type { Panel } from '../views'

/** The value of a panel, or `undefined` if there is no data. */
export function panelValue(db: Database, panel: Panel, window: TimeWindow): number | undefined {
  const matching = seriesOf(db, panel.metric).filter(hasLabels(panel.labels))
  if (matching.length === 0) return undefined
  const all = matching.map((series) => computeSeriesStats(db, series, window))
  const value = sum(all.map((stats) => stats.value))
  if (panel.kind === 'per_minute') {
    const seconds = Math.max(...all.map((stats) => stats.seconds))
    return seconds > 0 ? (value / seconds) * 60 : 0
  }
  if (panel.kind === 'mean') {
    const count = sum(all.map((stats) => stats.count))
    return count > 0 ? value / count : undefined
  }
  const total = sum(seriesOf(db, panel.of).map((series) => computeSeriesStats(db, series, window).value))
  return total > 0 ? value / total : undefined
}

const hasLabels = (labels: Record<string, string>) => (series: Series) =>
  Object.entries(labels).every(([key, value]) => String(series.labels[key]) === value)

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
