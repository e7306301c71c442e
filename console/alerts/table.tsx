import type { FC } from 'hono/jsx'
import { link, paths } from '../ui/paths'
import { Service } from '../ui/service'
import type { View } from '../ui/view'
import type { Rule } from '../views'
import type { ShownAlert } from './shown'
import { texts } from './text'

/** Alerts with how much, since when, what to do, and the traces behind them. */
export const AlertTable: FC<{ view: View; alerts: ShownAlert[]; label: string }> = ({ view, alerts, label }) => {
  const { columns, severities, traces, lost } = texts[view.lang]
  const { format } = view
  const isPast = alerts.some(({ untilUs }) => untilUs !== undefined)
  return (
    <section class="scroll alerts" tabindex={0} aria-label={label}>
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
                <span class={`badge ${lookOf(alert)}`}>{severities[alert.severity]}</span> <strong>{alert.name}</strong>{' '}
                {alert.summary[view.lang]}
                {alert.isFromAlertmanager && <Told view={view} runbookUrl={alert.runbookUrl} />}
              </td>
              <td>{alert.service ? <Service name={alert.service} /> : '–'}</td>
              <td class="number" data-label={columns.value}>
                {alert.rule && alert.value !== undefined ? amount(view, alert.rule, alert.value) : '–'}
              </td>
              <td class="when" data-label={columns.since}>
                {format.time(alert.sinceUs)}
              </td>
              {isPast && (
                <td class="when" data-label={columns.until}>
                  {alert.untilUs !== undefined && format.time(alert.untilUs)}{' '}
                  {alert.isLost && <small class="soft">{lost}</small>}
                </td>
              )}
              <td>
                <a class="whole" href={tracesOf(alert)}>
                  {traces}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const Told: FC<{ view: View; runbookUrl: string | undefined }> = ({ view, runbookUrl }) => (
  <small class="soft told">
    Alertmanager
    {runbookUrl && (
      <>
        {' · '}
        <a href={runbookUrl} rel="noreferrer">
          {texts[view.lang].runbook}
        </a>
      </>
    )}
  </small>
)

/** A value in the unit of its rule. */
export function amount({ format }: View, { kind }: Rule, value: number): string {
  if (kind === 'error_share') return format.share(value)
  return format.duration(value * (kind === 'p95_ms' ? 1000 : 1_000_000))
}

function lookOf({ severity, untilUs }: ShownAlert): string {
  if (untilUs !== undefined || severity === 'info') return ''
  return severity === 'critical' ? 'bad' : 'warn'
}

// Of an alert of which we know no rule: what failed in the minute before it, and since.
function tracesOf({ rule, service, sinceUs, untilUs }: ShownAlert): string {
  const { kind = 'error_share', windowS = 60, above } = rule ?? {}
  const from = sinceUs - windowS * 1_000_000
  const about = kind === 'error_share' ? { status: 'error' } : kind === 'p95_ms' ? { min: above } : {}
  return link(paths.traces, { service, ...about, ...(kind !== 'silent_s' && { from }), to: untilUs })
}
