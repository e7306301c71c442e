import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { coveredSeconds } from '../store/covered-seconds'
import { Nothing } from '../ui/nothing'
import { page } from '../ui/page'
import { link, paths } from '../ui/paths'
import { Service } from '../ui/service'
import { type View, viewOf } from '../ui/view'
import { WindowTabs, windowOf } from '../ui/window'
import { bytesOf, type Cost, findCosts, type ServiceCost, sumOf } from './find-costs'
import { sampleOf } from './sampling'
import { SamplingPanel } from './sampling-panel'
import { texts } from './text'

export function costPage(store: Store) {
  return (c: Context): Response => {
    const view = viewOf(c)
    const window = windowOf(c)
    const costs = findCosts(store.db, window.fromUs, window.toUs)
    const minutes = coveredSeconds(store.db, window) / 60
    const sum = sumOf(costs)
    return page(
      c,
      store,
      { title: view.text.pages.cost, at: 'cost', live: ['traces'] },
      <>
        <WindowTabs view={view} path={paths.cost} query={c.req.query()} window={window} />
        {costs.length === 0 ? (
          <None view={view} store={store} origin={new URL(c.req.url).origin} />
        ) : (
          <>
            <Sent view={view} costs={costs} minutes={minutes} />
            <SamplingPanel view={view} sum={sum} minutes={minutes} sample={sampleOf(store.db, window.fromUs)} />
          </>
        )}
      </>,
    )
  }
}

interface SentProps {
  view: View
  costs: ServiceCost[]
  minutes: number
}

const Sent: FC<SentProps> = ({ view, costs, minutes }) => {
  const text = texts[view.lang]
  const { columns } = text
  const sum = sumOf(costs)
  const all = bytesOf(sum)
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
                  <Service name={service} />
                </th>
                <Figures view={view} cost={cost} minutes={minutes} all={all} />
                <td class="number">{view.format.count(series)}</td>
              </tr>
              {routes.map(({ route, ...cost }) => (
                <tr>
                  <th scope="row" class="cost-route">
                    <Route view={view} service={service} route={route} />
                  </th>
                  <Figures view={view} cost={cost} minutes={minutes} all={all} />
                  <td />
                </tr>
              ))}
            </tbody>
          ))}
          <tfoot>
            <tr>
              <th scope="row">{text.all}</th>
              <Figures view={view} cost={sum} minutes={minutes} all={all} />
              <td class="number">{view.format.count(sum.series)}</td>
            </tr>
          </tfoot>
        </table>
      </section>
      <p class="soft">{text.sentHow}</p>
    </section>
  )
}

const Route: FC<{ view: View; service: string; route: string }> = ({ view, service, route }) => {
  if (route === '') return <>{texts[view.lang].outside}</>
  return <a href={link(paths.traces, { service, route })}>{route}</a>
}

const Figures: FC<{ view: View; cost: Cost; minutes: number; all: number }> = ({ view, cost, minutes, all }) => {
  const { format } = view
  const { spans, spanBytes, logs, logBytes } = cost
  return (
    <>
      <td class="number">{format.number(spans / minutes)}</td>
      <td class="number">{format.bytes(spanBytes / minutes)}</td>
      <td class="number">{format.number(logs / minutes)}</td>
      <td class="number">{format.bytes(logBytes / minutes)}</td>
      <td class="number">{format.bytes(bytesOf(cost) / minutes)}</td>
      <td class="number">{format.share(all === 0 ? 0 : bytesOf(cost) / all)}</td>
    </>
  )
}

const None: FC<{ view: View; store: Store; origin: string }> = ({ view, store, origin }) => {
  const text = texts[view.lang]
  if (store.counts.spans + store.counts.logs + store.counts.points === 0) {
    return <Nothing view={view} store={store} signal="traces" what={text.what} isFiltered={false} origin={origin} />
  }
  return (
    <section class="nothing">
      <h2>{text.none}</h2>
      <p>{text.noneHow}</p>
    </section>
  )
}
