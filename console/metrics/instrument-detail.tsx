import type { FC } from 'hono/jsx'
import type { Annotation } from '../annotations/find-annotations'
import { AnnotationList } from '../annotations/list'
import type { Store } from '../store'
import { Chart, type ChartData, ChartValues } from '../ui/chart'
import type { Locale } from '../ui/locale'
import { link, paths } from '../ui/paths'
import { serviceColor } from '../ui/service-name'
import type { TimeWindow } from '../ui/time-window'
import { createSeriesNamer, findSeries, mostActive, type SeriesWithStats, sharedLabels } from './find-series'
import { type Messages, messages } from './messages'
import type { MetricQuery } from './metric-query'
import { isMonotonic, valuesByStep } from './series-stats'
import { Labels, SeriesTable } from './series-table'
import { stepsOf } from './steps'

interface DetailProps {
  locale: Locale
  store: Store
  query: MetricQuery
  window: TimeWindow
  annotations: Annotation[]
}

const maxCharted = 10

/** One instrument: its metadata, a chart of its most active series, and a table of all series. */
export const InstrumentDetail: FC<DetailProps> = ({ locale, store, query, window, annotations }) => {
  const text = messages[locale.lang]
  const found = findSeries(store.db, query.name, query.service, window)
  const [first] = found
  const back = link(paths.metrics, { service: query.service, window: window.seconds })
  if (!first) {
    return (
      <section class="nothing">
        <p>{text.unknown(query.name)}</p>
        <a href={back}>{text.back}</a>
      </section>
    )
  }
  const charted = mostActive(found, window, maxCharted)
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
            <Chart locale={locale} data={chart} annotations={annotations} />
            <ChartValues locale={locale} charts={[chart]} />
          </>
        )}
        {charted.length < found.length && <p class="soft">{text.charted(charted.length, found.length)}</p>}
      </section>
      {charted.length > 0 && <AnnotationList locale={locale} annotations={annotations} />}
      <SeriesTable locale={locale} found={found} shared={shared} />
    </>
  )
}

function chartOf({ db }: Store, text: Messages, charted: SeriesWithStats[], window: TimeWindow): ChartData {
  const steps = stepsOf(window)
  const nameOf = createSeriesNamer(charted.map(({ series }) => series))
  const colors = colorsOf(charted)
  const [first] = charted
  const kind = first?.series.kind ?? 'gauge'
  const isRate = kind !== 'histogram' && first !== undefined && isMonotonic(first.series)
  return {
    title: isRate ? text.charts.rate : kind === 'histogram' ? text.charts.p95 : text.charts.level,
    unit: `${first?.series.unit ?? ''}${isRate ? '/s' : ''}`,
    timesUs: steps.startsUs,
    lines: charted.map(({ series }, index) => ({
      name: nameOf(series),
      color: colors[index] ?? 'c0',
      isDashed: index >= 8,
      values: valuesByStep(db, series, steps),
    })),
  }
}

// The colors of the services are used only if each line has a different one.
function colorsOf(charted: SeriesWithStats[]): string[] {
  const serviceColors = charted.map(({ series }) => serviceColor(series.service))
  return new Set(serviceColors).size === serviceColors.length
    ? serviceColors
    : serviceColors.map((_, index) => `c${index % 8}`)
}
