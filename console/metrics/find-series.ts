import type { Database } from 'bun:sqlite'
import type { TimeWindow } from '../ui/time-window'
import { type Series, seriesOf } from './series'
import { computeSeriesStats, isMonotonic, type SeriesStats } from './series-stats'

export interface SeriesWithStats {
  series: Series
  stats: SeriesStats
}

/** An instrument's series with their values in the window. Series without a point in the window are last. */
export function findSeries(db: Database, name: string, service: string, window: TimeWindow): SeriesWithStats[] {
  const isInactive = ({ lastUs }: Series) => (lastUs < window.fromUs ? 1 : 0)
  return seriesOf(db, name, service)
    .toSorted((a, b) => isInactive(a) - isInactive(b))
    .map((series) => ({ series, stats: computeSeriesStats(db, series, window) }))
}

/** The labels that have the same value in all series. */
export function sharedLabels(found: SeriesWithStats[]): Series['labels'] {
  const [first, ...others] = found.map(({ series }) => series.labels)
  if (!first || others.length === 0) return {}
  const isShared = ([key, value]: [string, unknown]) =>
    others.every((labels) => JSON.stringify(labels[key]) === JSON.stringify(value))
  return Object.fromEntries(Object.entries(first).filter(isShared))
}

/** The `limit` series with the largest values or increases in the window. */
export function mostActive(found: SeriesWithStats[], { fromUs }: TimeWindow, limit: number): SeriesWithStats[] {
  return found
    .filter(({ series }) => series.lastUs >= fromUs)
    .toSorted((a, b) => weightOf(b) - weightOf(a))
    .slice(0, limit)
}

function weightOf({ series, stats }: SeriesWithStats): number {
  if (!isMonotonic(series)) return Math.abs(stats.last?.value ?? 0)
  return series.kind === 'counter' ? stats.value : stats.count
}

/** Returns a function that names a series by the labels whose values differ between the series. */
export function createSeriesNamer(all: Series[]): (series: Series) => string {
  const services = new Set(all.map(({ service }) => service))
  const keys = [...new Set(all.flatMap(({ labels }) => Object.keys(labels)))]
  const distinguishing = keys.filter((key) => new Set(all.map(({ labels }) => JSON.stringify(labels[key]))).size > 1)
  return ({ service, labels }) => {
    const values = distinguishing.filter((key) => labels[key] !== undefined).map((key) => formatLabelValue(labels[key]))
    return [...(services.size > 1 || values.length === 0 ? [service] : []), ...values].join(' · ')
  }
}

export const formatLabelValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
