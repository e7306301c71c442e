import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import { findMarks } from '../marks/find-marks'
import type { Store } from '../store'
import { Choice } from '../ui/choice'
import { Nothing } from '../ui/nothing'
import { page } from '../ui/page'
import { link, paths } from '../ui/paths'
import { type View, viewOf } from '../ui/view'
import { type Window, WindowTabs, windowOf } from '../ui/window'
import type { AnnotationKind } from '../views'
import { Detail } from './detail'
import { findInstruments } from './find-instruments'
import { InstrumentTable } from './instrument-table'
import { texts } from './text'

/** What a page of metrics was asked for. */
export interface MetricQuery {
  name: string
  text: string
  service: string
}

/** Every instrument that was received; with `?name=` one of them, with its series. */
export function metricsPage(store: Store, kinds: AnnotationKind[]) {
  return (c: Context): Response => {
    const view = viewOf(c)
    const query = c.req.query()
    const window = windowOf(c)
    const asked = { name: query.name ?? '', text: query.q?.trim() ?? '', service: query.service ?? '' }
    return page(
      c,
      store,
      {
        title: view.text.pages.metrics,
        at: 'metrics',
        live: ['metrics'],
        ...(asked.name && { scripts: ['chart.js'] }),
      },
      <>
        <WindowTabs view={view} path={paths.metrics} query={query} window={window} />
        <Filters view={view} store={store} asked={asked} window={query.window} />
        {asked.name ? (
          <Detail
            view={view}
            store={store}
            asked={asked}
            window={window}
            marks={findMarks(store.db, kinds, window.fromUs, window.toUs)}
          />
        ) : (
          <All view={view} store={store} asked={asked} window={window} origin={new URL(c.req.url).origin} />
        )}
      </>,
    )
  }
}

interface AllProps {
  view: View
  store: Store
  asked: MetricQuery
  window: Window
  origin: string
}

const All: FC<AllProps> = ({ view, store, asked, window, origin }) => {
  const { text, service } = asked
  const instruments = findInstruments(store.db, text, service)
  if (instruments.length > 0) {
    return <InstrumentTable view={view} store={store} instruments={instruments} asked={asked} window={window} />
  }
  const { what } = texts[view.lang]
  const isFiltered = text !== '' || service !== ''
  return <Nothing view={view} store={store} signal="metrics" what={what} isFiltered={isFiltered} origin={origin} />
}

const Filters: FC<{ view: View; store: Store; asked: MetricQuery; window: string | undefined }> = ({
  view,
  store,
  asked: { name, text, service },
  window,
}) => {
  const { search, searchHint } = texts[view.lang]
  return (
    <form class="filters" method="get" action={paths.metrics}>
      {window && <input type="hidden" name="window" value={window} />}
      {name && <input type="hidden" name="name" value={name} />}
      <Choice
        label={view.text.service}
        name="service"
        all={view.text.all}
        options={store.services()}
        chosen={service}
      />
      {!name && (
        <label class="grow">
          {search}
          <input name="q" type="search" value={text} placeholder={searchHint} />
        </label>
      )}
      <button type="submit">{view.text.filter}</button>
      {(text || service) && (
        <a class="button" href={link(paths.metrics, { name, window })}>
          {view.text.clear}
        </a>
      )}
    </form>
  )
}
