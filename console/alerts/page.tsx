import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { page } from '../ui/page'
import { type View, viewOf } from '../ui/view'
import type { Rule } from '../views'
import type { ShownAlerts } from './shown'
import { AlertTable, amount } from './table'
import { texts } from './text'

export function alertsPage(store: Store, alerts: ShownAlerts) {
  return (c: Context): Response => {
    const view = viewOf(c)
    const text = texts[view.lang]
    const firing = alerts.firing()
    const past = alerts.past()
    return page(
      c,
      store,
      { title: view.text.pages.alerts, at: 'alerts', live: ['traces', 'metrics', 'alerts'], every: 10 },
      <>
        <h2>{text.firing}</h2>
        {firing.length > 0 ? (
          <AlertTable view={view} alerts={firing} label={text.firing} />
        ) : (
          <p class="calm">{text.none}</p>
        )}
        {past.length > 0 && (
          <>
            <h2>{text.past}</h2>
            <AlertTable view={view} alerts={past} label={text.past} />
          </>
        )}
        <h2>{text.rules}</h2>
        <Rules
          view={view}
          rules={alerts.rules}
          isFiring={(rule) => firing.some((alert) => alert.rule === rule && alert.value !== undefined)}
        />
      </>,
    )
  }
}

const Rules: FC<{ view: View; rules: Rule[]; isFiring: (rule: Rule) => boolean }> = ({ view, rules, isFiring }) => {
  const { columns, states, condition, rules: label } = texts[view.lang]
  return (
    <section class="scroll" tabindex={0} aria-label={label}>
      <table>
        <tbody>
          {rules.map((rule) => (
            <tr>
              <th scope="row">{rule.name}</th>
              <td>
                {rule.summary[view.lang]}{' '}
                <small class="soft">
                  {condition[rule.kind](
                    amount(view, rule, rule.above),
                    view.format.duration(rule.windowS * 1_000_000),
                    view.format.count(rule.leastRequests),
                  )}
                </small>
              </td>
              <td aria-label={columns.state}>
                <span class={`badge ${isFiring(rule) ? 'bad' : ''}`}>{isFiring(rule) ? states.firing : states.ok}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
