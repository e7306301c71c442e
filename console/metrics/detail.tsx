import type { FC } from 'hono/jsx'
import type { Mark } from '../marks/find-marks'
import { MarkList } from '../marks/list'
import type { Store } from '../store'
import { Chart, type ChartData, ChartValues } from '../ui/chart'
import { link, paths } from '../ui/paths'
import { colorOf } from '../ui/service'
import type { View } from '../ui/view'
import type { Window } from '../ui/window'
import { historyOf, isAdded } from './figures'
import { type FoundSeries, findSeries, mostActive, namesOf, sharedLabels } from './find-series'
import type { MetricQuery } from './page'
import { Labels, SeriesTable } from './series-table'
import { stepsOf } from './steps'
import { type Text, texts } from './text'

interface DetailProps {
  view: View
  store: Store
  asked: MetricQuery
  window: Window
  marks: Mark[]
}

const mostCharted = 10

/** One instrument: what it is, how its most active series went, and all of them. */
export const Detail: FC<DetailProps> = ({ view, store, asked, window, marks }) => {
  const text = texts[view.lang]
  const found = findSeries(store.db, asked.name, asked.service, window)
  const [first] = found
  const back = link(paths.metrics, { service: asked.service, window: window.seconds })
  if (!first) {
    return (
      <section class="nothing">
        <p>{text.unknown(asked.name)}</p>
        <a href={back}>{text.back}</a>
      </section>
    )
  }
  const charted = mostActive(found, window, mostCharted)
  const chart = chartOf(store, text, charted, window)
  const shared = sharedLabels(found)
  const { name, kind, unit, description } = first.series
  return (
    <>
      <p>
        <a href={back}>← {text.back}</a>
      </p>
      <section class="panel">
        <h2>
          <span class="mono">{name}</span> <span class="badge">{text.kinds[kind]}</span>{' '}
          {unit && <span class="badge mono">{unit}</span>}
        </h2>
        {description && <p>{description}</p>}
        {Object.keys(shared).length > 0 && (
          <p class="soft">
            {text.shared} <Labels labels={shared} />
          </p>
        )}
        {charted.length > 0 && (
          <>
            <Chart view={view} data={chart} marks={marks} />
            <ChartValues view={view} charts={[chart]} />
          </>
        )}
        {charted.length < found.length && <p class="soft">{text.charted(charted.length, found.length)}</p>}
      </section>
      {charted.length > 0 && <MarkList view={view} marks={marks} />}
      <SeriesTable view={view} found={found} shared={shared} />
    </>
  )
}

function chartOf({ db }: Store, text: Text, charted: FoundSeries[], window: Window): ChartData {
  const steps = stepsOf(window)
  const nameOf = namesOf(charted.map(({ series }) => series))
  const colors = colorsOf(charted)
  const [first] = charted
  const kind = first?.series.kind ?? 'gauge'
  const isSpeed = kind !== 'histogram' && first !== undefined && isAdded(first.series)
  return {
    title: isSpeed ? text.charts.speed : kind === 'histogram' ? text.charts.p95 : text.charts.level,
    unit: `${first?.series.unit ?? ''}${isSpeed ? '/s' : ''}`,
    timesUs: steps.startsUs,
    lines: charted.map(({ series }, index) => ({
      name: nameOf(series),
      color: colors[index] ?? 'c0',
      isDashed: index >= 8,
      values: historyOf(db, series, steps),
    })),
  }
}

// A service's own colour, where that tells all lines apart.
function colorsOf(charted: FoundSeries[]): string[] {
  const own = charted.map(({ series }) => colorOf(series.service))
  return new Set(own).size === own.length ? own : own.map((_, index) => `c${index % 8}`)
}
