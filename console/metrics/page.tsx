import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import { findAnnotations } from '../annotations/find-annotations'
import type { Store } from '../store'
import { EmptyState } from '../ui/empty-state'
import { type Locale, localeOf } from '../ui/locale'
import { page } from '../ui/page'
import { link, paths } from '../ui/paths'
import { SelectField } from '../ui/select-field'
import { type TimeWindow, TimeWindowTabs, timeWindowOf } from '../ui/time-window'
import type { AnnotationKind } from '../views'
import { findInstruments } from './find-instruments'
import { InstrumentDetail } from './instrument-detail'
import { InstrumentTable } from './instrument-table'
import { messages } from './messages'
import type { MetricQuery } from './metric-query'

/** All received instruments, or with `?name=` one of them with its series. */
export function metricsPage(store: Store, kinds: AnnotationKind[]) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const parameters = c.req.query()
    const window = timeWindowOf(c)
    const query: MetricQuery = {
      name: parameters.name ?? '',
      text: parameters.q?.trim() ?? '',
      service: parameters.service ?? '',
    }
    return page(
      c,
      store,
      {
        title: locale.messages.pages.metrics,
        activePage: 'metrics',
        live: ['metrics'],
        ...(query.name && { scripts: ['chart.js'] }),
      },
      <>
        <TimeWindowTabs locale={locale} path={paths.metrics} query={parameters} window={window} />
        <Filters locale={locale} store={store} query={query} window={parameters.window} />
        {query.name ? (
          <InstrumentDetail
            locale={locale}
            store={store}
            query={query}
            window={window}
            annotations={findAnnotations(store.db, kinds, window.fromUs, window.toUs)}
          />
        ) : (
          <InstrumentList
            locale={locale}
            store={store}
            query={query}
            window={window}
            origin={new URL(c.req.url).origin}
          />
        )}
      </>,
    )
  }
}

interface InstrumentListProps {
  locale: Locale
  store: Store
  query: MetricQuery
  window: TimeWindow
  origin: string
}

const InstrumentList: FC<InstrumentListProps> = ({ locale, store, query, window, origin }) => {
  const { text, service } = query
  const instruments = findInstruments(store.db, text, service)
  if (instruments.length > 0) {
    return <InstrumentTable locale={locale} store={store} instruments={instruments} query={query} window={window} />
  }
  const { what } = messages[locale.lang]
  const isFiltered = text !== '' || service !== ''
  return (
    <EmptyState locale={locale} store={store} signal="metrics" what={what} isFiltered={isFiltered} origin={origin} />
  )
}

const Filters: FC<{ locale: Locale; store: Store; query: MetricQuery; window: string | undefined }> = ({
  locale,
  store,
  query: { name, text, service },
  window,
}) => {
  const { search, searchHint } = messages[locale.lang]
  return (
    <form class="filters" method="get" action={paths.metrics}>
      {window && <input type="hidden" name="window" value={window} />}
      {name && <input type="hidden" name="name" value={name} />}
      <SelectField
        label={locale.messages.service}
        name="service"
        all={locale.messages.all}
        options={store.services()}
        chosen={service}
      />
      {!name && (
        <label class="grow">
          {search}
          <input name="q" type="search" value={text} placeholder={searchHint} />
        </label>
      )}
      <button type="submit">{locale.messages.filter}</button>
      {(text || service) && (
        <a class="button" href={link(paths.metrics, { name, window })}>
          {locale.messages.clear}
        </a>
      )}
    </form>
  )
}
