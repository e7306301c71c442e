import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import { type Annotation, findAnnotations } from '../annotations/find-annotations'
import { AnnotationList } from '../annotations/list'
import { positionOnAxis } from '../annotations/position-on-axis'
import { type Steps, stepsOf } from '../metrics/steps'
import type { Store } from '../store'
import { Chart, ChartHint, ChartValues } from '../ui/chart'
import { EmptyState } from '../ui/empty-state'
import { type Locale, localeOf } from '../ui/locale'
import { page } from '../ui/page'
import { link, paths } from '../ui/paths'
import { SelectField } from '../ui/select-field'
import { ServiceName } from '../ui/service-name'
import { type TimeWindow, TimeWindowTabs, timeWindowOf } from '../ui/time-window'
import type { AnnotationKind } from '../views'
import { messages } from './messages'
import { findRedMetrics, type RedFilter, type SortKey } from './red-metrics'
import { RedTable } from './red-table'
import { createSparklines, redCharts } from './timeline'

const maxRows = 100

/** Requests, errors and durations by service and route. */
export function httpRequestsPage(store: Store, kinds: AnnotationKind[]) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const query = c.req.query()
    const window = timeWindowOf(c)
    const steps = stepsOf(window)
    const annotations = findAnnotations(store.db, kinds, window.fromUs, window.toUs)
    const filter = { ...(query.service && { service: query.service }), ...(query.route && { route: query.route }) }
    const order = orderOf(query.sort)
    const rows = findRedMetrics(store.db, window, filter, order)
    const shown = rows.slice(0, maxRows)
    return page(
      c,
      store,
      {
        title: locale.messages.pages.httpRequests,
        activePage: 'httpRequests',
        live: ['metrics'],
        scripts: ['chart.js'],
      },
      <>
        <TimeWindowTabs locale={locale} path={paths.httpRequests} query={query} window={window} />
        <Filters locale={locale} store={store} filter={filter} query={query} />
        {filter.service && rows.length > 0 && (
          <Charts
            locale={locale}
            store={store}
            window={window}
            steps={steps}
            filter={filter}
            annotations={annotations}
          />
        )}
        {shown.length > 0 ? (
          <RedTable
            locale={locale}
            rows={shown}
            order={order}
            query={query}
            sparkline={createSparklines(store.db, window, steps, shown)}
            annotations={positionOnAxis(locale.lang, annotations, steps.startsUs)}
          />
        ) : (
          <NoRequests locale={locale} store={store} origin={new URL(c.req.url).origin} />
        )}
        <AnnotationList locale={locale} annotations={annotations} />
        {shown.length < rows.length && <p class="more">{messages[locale.lang].only(shown.length, rows.length)}</p>}
      </>,
    )
  }
}

const orderOf = (sort: string | undefined): SortKey =>
  sort === 'rate' || sort === 'errors' || sort === 'p95' ? sort : 'service'

const NoRequests: FC<{ locale: Locale; store: Store; origin: string }> = ({ locale, store, origin }) => (
  <EmptyState
    locale={locale}
    store={store}
    signal="traces"
    what={messages[locale.lang].what}
    isFiltered={store.services().length > 0}
    origin={origin}
  />
)

const Filters: FC<{ locale: Locale; store: Store; filter: RedFilter; query: Record<string, string> }> = ({
  locale: { messages },
  store,
  filter: { service, route },
  query,
}) => (
  <form class="filters" method="get" action={paths.httpRequests}>
    {query.window && <input type="hidden" name="window" value={query.window} />}
    {query.sort && <input type="hidden" name="sort" value={query.sort} />}
    <SelectField
      label={messages.service}
      name="service"
      all={messages.all}
      options={store.services()}
      chosen={service}
    />
    <button type="submit">{messages.filter}</button>
    {(service || route) && (
      <a class="button" href={link(paths.httpRequests, { window: query.window, sort: query.sort })}>
        {messages.clear}
      </a>
    )}
  </form>
)

interface ChartsProps {
  locale: Locale
  store: Store
  window: TimeWindow
  steps: Steps
  filter: RedFilter
  annotations: Annotation[]
}

const Charts: FC<ChartsProps> = ({ locale, store, window, steps, filter, annotations }) => {
  const text = messages[locale.lang]
  const charts = redCharts(store.db, window, steps, filter, text)
  const traces = { ...filter, from: window.fromUs, to: window.toUs }
  return (
    <section class="panel">
      <h2>
        <ServiceName name={filter.service ?? ''} />{' '}
        {filter.route ? <span class="mono">{filter.route}</span> : text.allRoutes}
      </h2>
      <p>
        <a href={link(paths.traces, traces)}>{text.traces}</a> ·{' '}
        <a href={link(paths.traces, { ...traces, status: 'error' })}>{text.errorTraces}</a>{' '}
        <ChartHint locale={locale} />
      </p>
      <div class="charts">
        {charts.map((data) => (
          <Chart locale={locale} data={data} annotations={annotations} />
        ))}
      </div>
      <ChartValues locale={locale} charts={charts} />
    </section>
  )
}
