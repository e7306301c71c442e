import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import { findMarks, type Mark } from '../marks/find-marks'
import { MarkList } from '../marks/list'
import { onAxis } from '../marks/on-axis'
import { type Steps, stepsOf } from '../metrics/steps'
import type { Store } from '../store'
import { Chart, ChartHint, ChartValues } from '../ui/chart'
import { Choice } from '../ui/choice'
import { Nothing } from '../ui/nothing'
import { page } from '../ui/page'
import { link, paths } from '../ui/paths'
import { Service } from '../ui/service'
import { type View, viewOf } from '../ui/view'
import { type Window, WindowTabs, windowOf } from '../ui/window'
import type { AnnotationKind } from '../views'
import { findRed, type Order, type RedFilter } from './red'
import { RedTable } from './table'
import { texts } from './text'
import { chartsOf, sparksOf } from './timeline'

const mostShown = 100

/** Requests, errors and durations by service and route. */
export function routesPage(store: Store, kinds: AnnotationKind[]) {
  return (c: Context): Response => {
    const view = viewOf(c)
    const query = c.req.query()
    const window = windowOf(c)
    const steps = stepsOf(window)
    const marks = findMarks(store.db, kinds, window.fromUs, window.toUs)
    const filter = { ...(query.service && { service: query.service }), ...(query.route && { route: query.route }) }
    const order = orderOf(query.sort)
    const found = findRed(store.db, window, filter, order)
    const shown = found.slice(0, mostShown)
    return page(
      c,
      store,
      { title: view.text.pages.routes, at: 'routes', live: ['metrics'], scripts: ['chart.js'] },
      <>
        <WindowTabs view={view} path={paths.routes} query={query} window={window} />
        <Filters view={view} store={store} filter={filter} query={query} />
        {filter.service && found.length > 0 && (
          <Charts view={view} store={store} window={window} steps={steps} filter={filter} marks={marks} />
        )}
        {shown.length > 0 ? (
          <RedTable
            view={view}
            rows={shown}
            order={order}
            query={query}
            spark={sparksOf(store.db, window, steps, shown)}
            marks={onAxis(view.lang, marks, steps.startsUs)}
          />
        ) : (
          <None view={view} store={store} origin={new URL(c.req.url).origin} />
        )}
        <MarkList view={view} marks={marks} />
        {shown.length < found.length && <p class="more">{texts[view.lang].only(shown.length, found.length)}</p>}
      </>,
    )
  }
}

const orderOf = (asked: string | undefined): Order =>
  asked === 'rate' || asked === 'errors' || asked === 'p95' ? asked : 'service'

const None: FC<{ view: View; store: Store; origin: string }> = ({ view, store, origin }) => (
  <Nothing
    view={view}
    store={store}
    signal="traces"
    what={texts[view.lang].what}
    isFiltered={store.services().length > 0}
    origin={origin}
  />
)

const Filters: FC<{ view: View; store: Store; filter: RedFilter; query: Record<string, string> }> = ({
  view: { text },
  store,
  filter: { service, route },
  query,
}) => (
  <form class="filters" method="get" action={paths.routes}>
    {query.window && <input type="hidden" name="window" value={query.window} />}
    {query.sort && <input type="hidden" name="sort" value={query.sort} />}
    <Choice label={text.service} name="service" all={text.all} options={store.services()} chosen={service} />
    <button type="submit">{text.filter}</button>
    {(service || route) && (
      <a class="button" href={link(paths.routes, { window: query.window, sort: query.sort })}>
        {text.clear}
      </a>
    )}
  </form>
)

interface ChartsProps {
  view: View
  store: Store
  window: Window
  steps: Steps
  filter: RedFilter
  marks: Mark[]
}

const Charts: FC<ChartsProps> = ({ view, store, window, steps, filter, marks }) => {
  const text = texts[view.lang]
  const charts = chartsOf(store.db, window, steps, filter, text)
  const traces = { ...filter, from: window.fromUs, to: window.toUs }
  return (
    <section class="panel">
      <h2>
        <Service name={filter.service ?? ''} /> {filter.route ? <span class="mono">{filter.route}</span> : text.all}
      </h2>
      <p>
        <a href={link(paths.traces, traces)}>{text.traces}</a> ·{' '}
        <a href={link(paths.traces, { ...traces, status: 'error' })}>{text.errorTraces}</a> <ChartHint view={view} />
      </p>
      <div class="charts">
        {charts.map((data) => (
          <Chart view={view} data={data} marks={marks} />
        ))}
      </div>
      <ChartValues view={view} charts={charts} />
    </section>
  )
}
