import type { FC } from 'hono/jsx'
import { link, paths } from '../ui/paths'
import { Service } from '../ui/service'
import type { View } from '../ui/view'
import type { Rule } from '../views'
import type { Alert } from './alerts'
import { texts } from './text'

/** Alerts with how much, since when, and the traces behind them. */
export const AlertTable: FC<{ view: View; alerts: Alert[]; label: string }> = ({ view, alerts, label }) => {
  const { columns, severities, traces } = texts[view.lang]
  const { format } = view
  const isPast = alerts.some(({ untilUs }) => untilUs !== undefined)
  return (
    <section class="scroll" tabindex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            <th>{columns.rule}</th>
            <th>{columns.service}</th>
            <th class="number">{columns.value}</th>
            <th>{columns.since}</th>
            {isPast && <th>{columns.until}</th>}
            <th />
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <tr data-row>
              <td>
                <span class={`badge ${lookOf(alert)}`}>{severities[alert.rule.severity]}</span>{' '}
                <strong>{alert.rule.name}</strong> {alert.rule.summary[view.lang]}
              </td>
              <td>
                <Service name={alert.service} />
              </td>
              <td class="number">{amount(view, alert.rule, alert.value)}</td>
              <td class="when">{format.time(alert.sinceUs)}</td>
              {isPast && <td class="when">{alert.untilUs !== undefined && format.time(alert.untilUs)}</td>}
              <td>
                <a href={tracesOf(alert)}>{traces}</a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A value in the unit of its rule. */
export function amount({ format }: View, { kind }: Rule, value: number): string {
  if (kind === 'error_share') return format.share(value)
  return format.duration(value * (kind === 'p95_ms' ? 1000 : 1_000_000))
}

function lookOf({ rule, untilUs }: Alert): string {
  if (untilUs !== undefined || rule.severity === 'info') return ''
  return rule.severity === 'critical' ? 'bad' : 'warn'
}

function tracesOf({ rule, service, sinceUs, untilUs }: Alert): string {
  const from = sinceUs - rule.windowS * 1_000_000
  const about = rule.kind === 'error_share' ? { status: 'error' } : rule.kind === 'p95_ms' ? { min: rule.above } : {}
  return link(paths.traces, { service, ...about, ...(rule.kind !== 'silent_s' && { from }), to: untilUs })
}
