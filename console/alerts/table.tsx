import type { FC } from 'hono/jsx'
import type { Locale } from '../ui/locale'
import { link, paths } from '../ui/paths'
import { ServiceName } from '../ui/service-name'
import type { Rule } from '../views'
import type { MergedAlert } from './merged-alerts'
import { messages } from './messages'

/** Alerts with value, start, runbook and a link to their traces. */
export const AlertTable: FC<{ locale: Locale; alerts: MergedAlert[]; label: string }> = ({ locale, alerts, label }) => {
  const { columns, severities, traces, expired } = messages[locale.lang]
  const { format } = locale
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
                <span class={`badge ${badgeClass(alert)}`}>{severities[alert.severity]}</span>{' '}
                <strong>{alert.name}</strong> {alert.summary[locale.lang]}
                <SourceAndRunbook locale={locale} alert={alert} />
              </td>
              <td>{alert.service ? <ServiceName name={alert.service} /> : '–'}</td>
              <td class="number" data-label={columns.value}>
                {alert.rule && alert.value !== undefined ? formatRuleValue(locale, alert.rule, alert.value) : '–'}
              </td>
              <td class="when" data-label={columns.since}>
                {format.time(alert.sinceUs)}
              </td>
              {isPast && (
                <td class="when" data-label={columns.until}>
                  {alert.untilUs !== undefined && format.time(alert.untilUs)}{' '}
                  {alert.isExpired && <small class="soft">{expired}</small>}
                </td>
              )}
              <td>
                <a class="whole" href={tracesHref(alert)}>
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

const SourceAndRunbook: FC<{ locale: Locale; alert: MergedAlert }> = ({ locale, alert }) => {
  const { isFromAlertmanager, runbookUrl } = alert
  if (!isFromAlertmanager && !runbookUrl) return null
  return (
    <small class="soft notified">
      {isFromAlertmanager && 'Alertmanager'}
      {isFromAlertmanager && runbookUrl && ' · '}
      {runbookUrl && (
        <a href={runbookUrl} rel="noreferrer">
          {messages[locale.lang].runbook}
        </a>
      )}
    </small>
  )
}

/** A value in the unit of its rule. */
export function formatRuleValue({ format }: Locale, { kind }: Rule, value: number): string {
  if (kind === 'error_share') return format.share(value)
  return format.duration(value * (kind === 'p95_ms' ? 1000 : 1_000_000))
}

function badgeClass({ severity, untilUs }: MergedAlert): string {
  if (untilUs !== undefined || severity === 'info') return ''
  return severity === 'critical' ? 'bad' : 'warn'
}

// Without a rule: failed requests, from one minute before the alert.
function tracesHref({ rule, service, sinceUs, untilUs }: MergedAlert): string {
  const { kind = 'error_share', windowS = 60, above } = rule ?? {}
  const from = sinceUs - windowS * 1_000_000
  const filter = kind === 'error_share' ? { status: 'error' } : kind === 'p95_ms' ? { min: above } : {}
  return link(paths.traces, { service, ...filter, ...(kind !== 'silent_s' && { from }), to: untilUs })
}
