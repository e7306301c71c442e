import type { Context } from 'hono'
import type { Store } from '../store'
import { coveredSeconds } from '../store/covered-seconds'
import { Nothing } from '../ui/nothing'
import { page } from '../ui/page'
import { paths } from '../ui/paths'
import { viewOf } from '../ui/view'
import { WindowTabs, windowOf } from '../ui/window'
import type { Rule } from '../views'
import { Drawing } from './drawing'
import { findMap } from './find-map'
import { place } from './layout'
import { MapTables } from './tables'
import { texts } from './text'
import { wordsOf } from './words'

/** Who calls whom, how often, how fast and with how many errors. */
export function mapPage(store: Store, rules: Rule[]) {
  return (c: Context): Response => {
    const view = viewOf(c)
    const text = texts[view.lang]
    const window = windowOf(c)
    const map = findMap(store.db, window, rules)
    const words = wordsOf(view, window, coveredSeconds(store.db, window), map.edges)
    return page(
      c,
      store,
      { title: view.text.pages.map, at: 'map', live: ['traces'], every: 10 },
      <>
        <WindowTabs view={view} path={paths.map} query={c.req.query()} window={window} />
        {map.boxes.length === 0 ? (
          <Nothing
            view={view}
            store={store}
            signal="traces"
            what={text.what}
            isFiltered={store.services().length > 0}
            origin={new URL(c.req.url).origin}
          />
        ) : (
          <>
            <Drawing placed={place(map, words)} words={words} label={text.drawing} />
            <p class="soft">{text.about}</p>
            <MapTables view={view} map={map} words={words} />
          </>
        )}
      </>,
    )
  }
}
