import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { coveredSeconds } from '../store/totals'
import { EmptyState } from '../ui/empty-state'
import { type Locale, localeOf } from '../ui/locale'
import { page } from '../ui/page'
import { link, paths } from '../ui/paths'
import { ServiceName } from '../ui/service-name'
import { TimeWindowTabs, timeWindowOf } from '../ui/time-window'
import { type Cost, findCosts, type ServiceCost, totalBytes, totalCost } from './find-costs'
import { messages } from './messages'
import { countRecentTraces } from './sampling'
import { SamplingPanel } from './sampling-panel'

export function costPage(store: Store) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const window = timeWindowOf(c)
    const costs = findCosts(store.db, window.fromUs, window.toUs)
    const minutes = coveredSeconds(store.db, window) / 60
    const sum = totalCost(costs)
    return page(
      c,
      store,
      { title: locale.messages.pages.cost, activePage: 'cost', live: ['traces'] },
      <>
        <TimeWindowTabs locale={locale} path={paths.cost} query={c.req.query()} window={window} />
        {costs.length === 0 ? (
          <Empty locale={locale} store={store} origin={new URL(c.req.url).origin} />
        ) : (
          <>
            <SentTable locale={locale} costs={costs} minutes={minutes} />
            <SamplingPanel
              locale={locale}
              sum={sum}
              minutes={minutes}
              counts={countRecentTraces(store.db, window.fromUs)}
            />
          </>
        )}
      </>,
    )
  }
}

interface SentTableProps {
  locale: Locale
  costs: ServiceCost[]
  minutes: number
}

const SentTable: FC<SentTableProps> = ({ locale, costs, minutes }) => {
  const text = messages[locale.lang]
  const { columns } = text
  const sum = totalCost(costs)
  const allBytes = totalBytes(sum)
  return (
    <section class="cost">
      <h2 id="sent">{text.sent}</h2>
      <section class="scroll" tabindex={0} aria-labelledby="sent">
        <table>
          <thead>
            <tr>
              <th>{columns.from}</th>
              <th class="number">{columns.spans}</th>
              <th class="number">{columns.spanBytes}</th>
              <th class="number">{columns.logs}</th>
              <th class="number">{columns.logBytes}</th>
              <th class="number">{columns.bytes}</th>
              <th class="number">{columns.share}</th>
              <th class="number">{columns.series}</th>
            </tr>
          </thead>
          {costs.map(({ service, series, routes, ...cost }) => (
            <tbody>
              <tr class="cost-service">
                <th scope="rowgroup">
                  <ServiceName name={service} />
                </th>
                <AmountCells locale={locale} cost={cost} minutes={minutes} allBytes={allBytes} />
                <td class="number">{locale.format.count(series)}</td>
              </tr>
              {routes.map(({ route, ...cost }) => (
                <tr>
                  <th scope="row" class="cost-route">
                    <Route locale={locale} service={service} route={route} />
                  </th>
                  <AmountCells locale={locale} cost={cost} minutes={minutes} allBytes={allBytes} />
                  <td />
                </tr>
              ))}
            </tbody>
          ))}
          <tfoot>
            <tr>
              <th scope="row">{text.total}</th>
              <AmountCells locale={locale} cost={sum} minutes={minutes} allBytes={allBytes} />
              <td class="number">{locale.format.count(sum.series)}</td>
            </tr>
          </tfoot>
        </table>
      </section>
      <p class="soft">{text.sentHelp}</p>
    </section>
  )
}

const Route: FC<{ locale: Locale; service: string; route: string }> = ({ locale, service, route }) => {
  if (route === '') return <>{messages[locale.lang].outsideRequests}</>
  return <a href={link(paths.traces, { service, route })}>{route}</a>
}

const AmountCells: FC<{ locale: Locale; cost: Cost; minutes: number; allBytes: number }> = ({
  locale,
  cost,
  minutes,
  allBytes,
}) => {
  const { format } = locale
  const { spans, spanBytes, logs, logBytes } = cost
  return (
    <>
      <td class="number">{format.number(spans / minutes)}</td>
      <td class="number">{format.bytes(spanBytes / minutes)}</td>
      <td class="number">{format.number(logs / minutes)}</td>
      <td class="number">{format.bytes(logBytes / minutes)}</td>
      <td class="number">{format.bytes(totalBytes(cost) / minutes)}</td>
      <td class="number">{format.share(allBytes === 0 ? 0 : totalBytes(cost) / allBytes)}</td>
    </>
  )
}

const Empty: FC<{ locale: Locale; store: Store; origin: string }> = ({ locale, store, origin }) => {
  const text = messages[locale.lang]
  if (store.counts.spans + store.counts.logs + store.counts.points === 0) {
    return (
      <EmptyState locale={locale} store={store} signal="traces" what={text.what} isFiltered={false} origin={origin} />
    )
  }
  return (
    <section class="nothing">
      <h2>{text.empty}</h2>
      <p>{text.emptyHelp}</p>
    </section>
  )
}
