import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { ShownAlerts } from '../alerts/shown'
import { silenceOf } from '../alerts/silence'
import { AlertTable } from '../alerts/table'
import { findMarks } from '../marks/find-marks'
import { MarkList } from '../marks/list'
import { onAxis } from '../marks/on-axis'
import { stepsOf } from '../metrics/steps'
import type { Store } from '../store'
import { Nothing } from '../ui/nothing'
import { page } from '../ui/page'
import { paths } from '../ui/paths'
import { type View, viewOf } from '../ui/view'
import { type Window, WindowTabs, windowOf } from '../ui/window'
import type { Panel, Views } from '../views'
import { Card } from './card'
import { findServices } from './find-services'
import { panelValue } from './panels'
import { texts } from './text'

export function overviewPage(store: Store, alerts: ShownAlerts, { panels, marks: kinds }: Views) {
  return (c: Context): Response => {
    const view = viewOf(c)
    const text = texts[view.lang]
    const window = windowOf(c)
    const cards = findServices(store.db, window)
    const marks = findMarks(store.db, kinds, window.fromUs, window.toUs)
    const lines = onAxis(view.lang, marks, stepsOf(window).startsUs)
    const firing = alerts.firing()
    return page(
      c,
      store,
      { title: view.text.pages.overview, at: 'overview', live: ['traces', 'logs', 'metrics', 'alerts'], every: 10 },
      <>
        {firing.length > 0 && (
          <section class="alarm">
            <h2>
              <a class="alarm-link" href={paths.alerts}>
                {text.firing(firing.length)}
              </a>
            </h2>
            <AlertTable view={view} alerts={firing} label={text.firing(firing.length)} />
          </section>
        )}
        <WindowTabs view={view} path={paths.overview} query={c.req.query()} window={window} />
        {panels.length > 0 && <Panels view={view} store={store} panels={panels} window={window} />}
        {cards.length === 0 ? (
          <Nothing
            view={view}
            store={store}
            signal="traces"
            what={text.what}
            isFiltered={false}
            origin={new URL(c.req.url).origin}
          />
        ) : (
          <section class="cards" aria-label={text.services}>
            {cards.map((card) => (
              <Card
                view={view}
                card={card}
                window={window}
                marks={lines}
                silence={silenceOf(alerts.rules, card.service)}
                isFiring={firing.some(({ service }) => service === card.service)}
              />
            ))}
          </section>
        )}
        <MarkList view={view} marks={marks} />
        {cards.length > 0 && firing.length === 0 && <p class="calm">{text.calm}</p>}
      </>,
    )
  }
}

const Panels: FC<{ view: View; store: Store; panels: Panel[]; window: Window }> = ({ view, store, panels, window }) => (
  <dl class="panels">
    {panels.map((panel) => {
      const value = panelValue(store.db, panel, window)
      return (
        <div>
          <dt>{panel.title[view.lang]}</dt>
          <dd>{value === undefined ? '–' : shown(view, panel, value)}</dd>
        </div>
      )
    })}
  </dl>
)

function shown({ lang, format }: View, panel: Panel, value: number): string {
  if (panel.kind === 'share') return format.share(value)
  if (panel.kind === 'per_minute') return `${format.number(value)} ${texts[lang].perMinute}`
  return `${format.number(value)}${panel.unit && ` ${panel.unit}`}`
}
