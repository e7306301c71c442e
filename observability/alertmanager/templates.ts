import { t } from '../../src/typography'
import { alertGroups } from '../alerts'

/*
 * What people read in Slack and e-mails: Alertmanager's templates (Go), in French. What stands in `${}` is left alone by
 * typography, so all of Go stands there.
 */
const ended = '{{ if eq .Status "resolved" }}'
const otherwise = '{{ else }}'
const end = '{{ end }}'
const state = [
  `${ended}Terminé`,
  '{{ else if eq .CommonLabels.severity "critical" }}Critique',
  '{{ else if eq .CommonLabels.severity "info" }}Info',
  `${otherwise}Attention${end}`,
].join('')
const startsAt = '{{ .StartsAt.UTC.Format "02/01/2006 15:04:05" }}'
const endsAt = '{{ .EndsAt.UTC.Format "15:04:05" }}'
const since = `${ended}${t`Du ${startsAt} à ${endsAt} UTC`}${otherwise}${t`Depuis le ${startsAt} UTC`}${end}`
const words = { runbook: t`Que faire`, dashboard: t`Tableau de bord`, alertmanager: 'Alertmanager' }

// The dashboard that shows what a group of alerts looks at; for all others, the services.
const boards: Record<string, string> = { budgets: 'slo', shop: 'business', database: 'database', telemetry: 'stack' }

/** Texts of notifications; without the address of Grafana there is no link to it. */
export function notificationTemplates(grafanaUrl?: string) {
  const dashboard =
    grafanaUrl && `${grafanaUrl}/d/vitrine-${board()}{{ with .Labels.service_name }}?var-service={{ . }}${end}`
  return {
    /** `[Critique] ServiceDown – product-service` */
    title: `[${state}] {{ .CommonLabels.alertname }}{{ with .CommonLabels.service_name }} – {{ . }}${end}`,
    color: `${ended}good{{ else if eq .CommonLabels.severity "critical" }}danger${otherwise}warning${end}`,
    slackText: slackText(dashboard),
    emailText: emailText(dashboard),
    emailHtml: emailHtml(dashboard),
  }
}

const slackText = (dashboard?: string) => `{{ range .Alerts }}*{{ .Annotations.summary }}*
{{ with .Annotations.description }}{{ . }}
${end}${since}
{{ with .Annotations.runbook_url }}<{{ . }}|${words.runbook}>  ${end}${dashboard ? `<${dashboard}|${words.dashboard}>` : ''}
${end}`

const emailText = (dashboard?: string) => `{{ range .Alerts }}{{ .Annotations.summary }}
{{ with .Annotations.description }}{{ . }}
${end}${since}
{{ with .Annotations.runbook_url }}${t`${words.runbook} : `}{{ . }}
${end}${dashboard ? `${t`${words.dashboard} : `}${dashboard}\n` : ''}
${end}${t`${words.alertmanager} : `}{{ .ExternalURL }}
`

// Alertmanager fills it in as HTML: values are escaped, and addresses of other schemes than http made harmless.
const emailHtml = (dashboard?: string) => `<!doctype html>
<html lang="fr"><body style="font-family:sans-serif">
{{ range .Alerts }}<h2>{{ .Annotations.summary }}</h2>
{{ with .Annotations.description }}<p>{{ . }}</p>${end}
<p>${since}</p>
<p>{{ with .Annotations.runbook_url }}<a href="{{ . }}">${words.runbook}</a> ${end}
${dashboard ? `<a href="${dashboard}">${words.dashboard}</a>` : ''}</p>
${end}<p><a href="{{ .ExternalURL }}">${words.alertmanager}</a></p>
</body></html>
`

function board(): string {
  const cases = Object.entries(boards).map(([group, name]) => {
    const names = alertGroups[group]?.map((alert) => alert.name).join('|')
    return `if match "^(${names})$" .Labels.alertname }}${name}{{ else `
  })
  return `{{ ${cases.join('')}}}services${end}`
}
