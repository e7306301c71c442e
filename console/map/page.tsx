import type { Context } from 'hono'
import type { Store } from '../store'
import { coveredSeconds } from '../store/totals'
import { EmptyState } from '../ui/empty-state'
import { localeOf } from '../ui/locale'
import { page } from '../ui/page'
import { paths } from '../ui/paths'
import { TimeWindowTabs, timeWindowOf } from '../ui/time-window'
import type { Rule } from '../views'
import { Drawing } from './drawing'
import { findServiceMap } from './find-service-map'
import { createMapLabels } from './labels'
import { layOutMap } from './layout'
import { messages } from './messages'
import { MapTables } from './tables'

/** The services and databases, and the rate, duration and errors of the calls between them. */
export function mapPage(store: Store, rules: Rule[]) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const text = messages[locale.lang]
    const window = timeWindowOf(c)
    const map = findServiceMap(store.db, window, rules)
    const labels = createMapLabels(locale, window, coveredSeconds(store.db, window), map.edges)
    return page(
      c,
      store,
      { title: locale.messages.pages.map, activePage: 'map', live: ['traces'], refreshSeconds: 10 },
      <>
        <TimeWindowTabs locale={locale} path={paths.map} query={c.req.query()} window={window} />
        {map.nodes.length === 0 ? (
          <EmptyState
            locale={locale}
            store={store}
            signal="traces"
            what={text.what}
            isFiltered={store.services().length > 0}
            origin={new URL(c.req.url).origin}
          />
        ) : (
          <>
            <Drawing layout={layOutMap(map, labels)} labels={labels} title={text.drawing} />
            <p class="soft">{text.about}</p>
            <MapTables locale={locale} map={map} labels={labels} />
          </>
        )}
      </>,
    )
  }
}
