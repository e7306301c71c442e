import type { Context } from 'hono'
import type { FC } from 'hono/jsx'
import type { Store } from '../store'
import { type Locale, localeOf } from '../ui/locale'
import { page } from '../ui/page'
import type { Rule } from '../views'
import type { MergedAlerts } from './merged-alerts'
import { messages } from './messages'
import { AlertTable, formatRuleValue } from './table'

export function alertsPage(store: Store, alerts: MergedAlerts) {
  return (c: Context): Response => {
    const locale = localeOf(c)
    const text = messages[locale.lang]
    const firing = alerts.firing()
    const past = alerts.past()
    return page(
      c,
      store,
      {
        title: locale.messages.pages.alerts,
        activePage: 'alerts',
        live: ['traces', 'metrics', 'alerts'],
        refreshSeconds: 10,
      },
      <>
        <h2>{text.firing}</h2>
        {firing.length > 0 ? (
          <AlertTable locale={locale} alerts={firing} label={text.firing} />
        ) : (
          <p class="no-alerts">{text.none}</p>
        )}
        {past.length > 0 && (
          <>
            <h2>{text.past}</h2>
            <AlertTable locale={locale} alerts={past} label={text.past} />
          </>
        )}
        <h2>{text.rules}</h2>
        <Rules
          locale={locale}
          rules={alerts.rules}
          isFiring={(rule) => firing.some((alert) => alert.rule === rule && alert.value !== undefined)}
        />
      </>,
    )
  }
}

const Rules: FC<{ locale: Locale; rules: Rule[]; isFiring: (rule: Rule) => boolean }> = ({
  locale,
  rules,
  isFiring,
}) => {
  const { columns, states, condition, rules: label } = messages[locale.lang]
  return (
    <section class="scroll" tabindex={0} aria-label={label}>
      <table>
        <tbody>
          {rules.map((rule) => (
            <tr>
              <th scope="row">{rule.name}</th>
              <td>
                {rule.summary[locale.lang]}{' '}
                <small class="soft">
                  {condition[rule.kind](
                    formatRuleValue(locale, rule, rule.above),
                    locale.format.duration(rule.windowS * 1_000_000),
                    locale.format.count(rule.minRequests),
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
