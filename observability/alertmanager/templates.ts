import { alertGroups } from '../alerts'

// Texts in Slack and e-mails, as Alertmanager’s Go templates.
const ended = '{{ if eq .Status "resolved" }}'
const otherwise = '{{ else }}'
const end = '{{ end }}'
const state = [
  `${ended}Resolved`,
  '{{ else if eq .CommonLabels.severity "critical" }}Critical',
  '{{ else if eq .CommonLabels.severity "info" }}Info',
  `${otherwise}Warning${end}`,
].join('')
const startsAt = '{{ .StartsAt.UTC.Format "2006-01-02 15:04:05" }}'
const endsAt = '{{ .EndsAt.UTC.Format "15:04:05" }}'
const since = `${ended}From ${startsAt} to ${endsAt} UTC${otherwise}Since ${startsAt} UTC${end}`
const labels = { runbook: 'Runbook', dashboard: 'Dashboard', alertmanager: 'Alertmanager' }

// The dashboard of each alert group; for all others, the services.
const dashboards: Record<string, string> = {
  budgets: 'slo',
  shop: 'business',
  database: 'database',
  telemetry: 'stack',
}

/** The texts of notifications. Links to dashboards need the address of Grafana. */
export function notificationTemplates(grafanaUrl?: string) {
  const dashboard =
    grafanaUrl && `${grafanaUrl}/d/vitrine-${dashboardName()}{{ with .Labels.service_name }}?var-service={{ . }}${end}`
  return {
    /** `[Critical] ServiceDown – product-service` */
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
{{ with .Annotations.runbook_url }}<{{ . }}|${labels.runbook}>  ${end}${dashboard ? `<${dashboard}|${labels.dashboard}>` : ''}
${end}`

const emailText = (dashboard?: string) => `{{ range .Alerts }}{{ .Annotations.summary }}
{{ with .Annotations.description }}{{ . }}
${end}${since}
{{ with .Annotations.runbook_url }}${labels.runbook}: {{ . }}
${end}${dashboard ? `${labels.dashboard}: ${dashboard}\n` : ''}
${end}${labels.alertmanager}: {{ .ExternalURL }}
`

// Alertmanager renders it with html/template, which escapes values and neutralizes unsafe URL schemes.
const emailHtml = (dashboard?: string) => `<!doctype html>
<html lang="en"><body style="font-family:sans-serif">
{{ range .Alerts }}<h2>{{ .Annotations.summary }}</h2>
{{ with .Annotations.description }}<p>{{ . }}</p>${end}
<p>${since}</p>
<p>{{ with .Annotations.runbook_url }}<a href="{{ . }}">${labels.runbook}</a> ${end}
${dashboard ? `<a href="${dashboard}">${labels.dashboard}</a>` : ''}</p>
${end}<p><a href="{{ .ExternalURL }}">${labels.alertmanager}</a></p>
</body></html>
`

function dashboardName(): string {
  const cases = Object.entries(dashboards).map(([group, name]) => {
    const names = alertGroups[group]?.map((alert) => alert.name).join('|')
    return `if match "^(${names})$" .Labels.alertname }}${name}{{ else `
  })
  return `{{ ${cases.join('')}}}services${end}`
}
