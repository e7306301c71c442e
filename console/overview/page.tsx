import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { MergedAlerts } from '../alerts/merged-alerts'
import { silenceThresholdFor } from '../alerts/silence-threshold'
import { AlertTable } from '../alerts/table'
import { findAnnotations } from '../annotations/find-annotations'
import { AnnotationList } from '../annotations/list'
import { positionOnAxis } from '../annotations/position-on-axis'
import { stepsOf } from '../metrics/steps'
import type { Store } from '../store'
import { EmptyState } from '../ui/empty-state'
import { type Locale, localeOf } from '../ui/locale'
import { page } from '../ui/page'
import { paths } from '../ui/paths'
import { type TimeWindow, TimeWindowTabs, timeWindowOf } from '../ui/time-window'
import type { Panel, Views } from '../views'
import { Card } from './card'
import { findServiceCards } from './find-service-cards'
import { messages } from './messages'
import { panelValue } from './panels'

export function overviewPage(store: Store, alerts: MergedAlerts, { panels, annotations: annotationKinds }: Views) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const text = messages[locale.lang]
    const window = timeWindowOf(c)
    const cards = findServiceCards(store.db, window)
    const annotations = findAnnotations(store.db, annotationKinds, window.fromUs, window.toUs)
    const axisAnnotations = positionOnAxis(locale.lang, annotations, stepsOf(window).startsUs)
    const firing = alerts.firing()
    return page(
      c,
      store,
      {
        title: locale.messages.pages.overview,
        activePage: 'overview',
        live: ['traces', 'logs', 'metrics', 'alerts'],
        refreshSeconds: 10,
      },
      <>
        {firing.length > 0 && (
          <section class="alarm">
            <h2>
              <a class="alarm-link" href={paths.alerts}>
                {text.firing(firing.length)}
              </a>
            </h2>
            <AlertTable locale={locale} alerts={firing} label={text.firing(firing.length)} />
          </section>
        )}
        <TimeWindowTabs locale={locale} path={paths.overview} query={c.req.query()} window={window} />
        {panels.length > 0 && <Panels locale={locale} store={store} panels={panels} window={window} />}
        {cards.length === 0 ? (
          <EmptyState
            locale={locale}
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
                locale={locale}
                card={card}
                window={window}
                annotations={axisAnnotations}
                silenceThreshold={silenceThresholdFor(alerts.rules, card.service)}
                isFiring={firing.some(({ service }) => service === card.service)}
              />
            ))}
          </section>
        )}
        <AnnotationList locale={locale} annotations={annotations} />
        {cards.length > 0 && firing.length === 0 && <p class="no-alerts">{text.noAlerts}</p>}
      </>,
    )
  }
}

const Panels: FC<{ locale: Locale; store: Store; panels: Panel[]; window: TimeWindow }> = ({
  locale,
  store,
  panels,
  window,
}) => (
  <dl class="panels">
    {panels.map((panel) => {
      const value = panelValue(store.db, panel, window)
      return (
        <div>
          <dt>{panel.title[locale.lang]}</dt>
          <dd>{value === undefined ? '–' : formatValue(locale, panel, value)}</dd>
        </div>
      )
    })}
  </dl>
)

function formatValue({ lang, format }: Locale, panel: Panel, value: number): string {
  if (panel.kind === 'share') return format.share(value)
  if (panel.kind === 'per_minute') return `${format.number(value)} ${messages[lang].perMinute}`
  return `${format.number(value)}${panel.unit && ` ${panel.unit}`}`
}
