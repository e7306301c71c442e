import type { Database } from 'bun:sqlite'
import type { TimeWindow } from '../ui/time-window'
import { type Series, seriesOf } from './series'
import { computeSeriesStats, isMonotonic, type SeriesStats } from './series-stats'

export interface SeriesWithStats {
  series: Series
  stats: SeriesStats
}

/** An instrument's series with what they say in the window: last those of programs that say nothing any more. */
export function findSeries(db: Database, name: string, service: string, window: TimeWindow): SeriesWithStats[] {
  const isPast = ({ lastUs }: Series) => (lastUs < window.fromUs ? 1 : 0)
  return seriesOf(db, name, service)
    .toSorted((a, b) => isPast(a) - isPast(b))
    .map((series) => ({ series, stats: computeSeriesStats(db, series, window) }))
}

/** The labels that all have alike: said once they need not be said of each. */
export function sharedLabels(found: SeriesWithStats[]): Series['labels'] {
  const [first, ...others] = found.map(({ series }) => series.labels)
  if (!first || others.length === 0) return {}
  const isShared = ([key, value]: [string, unknown]) =>
    others.every((labels) => JSON.stringify(labels[key]) === JSON.stringify(value))
  return Object.fromEntries(Object.entries(first).filter(isShared))
}

/** Those with most to say in the window. */
export function mostActive(found: SeriesWithStats[], { fromUs }: TimeWindow, most: number): SeriesWithStats[] {
  return found
    .filter(({ series }) => series.lastUs >= fromUs)
    .toSorted((a, b) => weightOf(b) - weightOf(a))
    .slice(0, most)
}

function weightOf({ series, stats }: SeriesWithStats): number {
  if (!isMonotonic(series)) return Math.abs(stats.last?.value ?? 0)
  return series.kind === 'counter' ? stats.value : stats.count
}

/** The labels by which series differ; those that all have alike say nothing about one of them. */
export function createSeriesNamer(all: Series[]): (series: Series) => string {
  const services = new Set(all.map(({ service }) => service))
  const keys = [...new Set(all.flatMap(({ labels }) => Object.keys(labels)))]
  const telling = keys.filter((key) => new Set(all.map(({ labels }) => JSON.stringify(labels[key]))).size > 1)
  return ({ service, labels }) => {
    const said = telling.filter((key) => labels[key] !== undefined).map((key) => formatLabelValue(labels[key]))
    return [...(services.size > 1 || said.length === 0 ? [service] : []), ...said].join(' · ')
  }
}

export const formatLabelValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
