import { t } from '../../src/typography'

/**
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

/** `[Critique] ServiceDown – product-service` */
export const title = `[${state}] {{ .CommonLabels.alertname }}{{ with .CommonLabels.service_name }} – {{ . }}${end}`

export const color = `${ended}good{{ else if eq .CommonLabels.severity "critical" }}danger${otherwise}warning${end}`

export const slackText = `{{ range .Alerts }}*{{ .Annotations.summary }}*
{{ with .Annotations.description }}{{ . }}
${end}${since}
{{ with .Annotations.runbook_url }}<{{ . }}|${words.runbook}>  ${end}{{ with .Annotations.dashboard_url }}<{{ . }}|${words.dashboard}>${end}
${end}`

export const emailText = `{{ range .Alerts }}{{ .Annotations.summary }}
{{ with .Annotations.description }}{{ . }}
${end}${since}
{{ with .Annotations.runbook_url }}${t`${words.runbook} : `}{{ . }}
${end}{{ with .Annotations.dashboard_url }}${t`${words.dashboard} : `}{{ . }}
${end}
${end}${t`${words.alertmanager} : `}{{ .ExternalURL }}
`

// Alertmanager fills it in as HTML: values are escaped, and addresses of other schemes than http made harmless.
export const emailHtml = `<!doctype html>
<html lang="fr"><body style="font-family:sans-serif">
{{ range .Alerts }}<h2>{{ .Annotations.summary }}</h2>
{{ with .Annotations.description }}<p>{{ . }}</p>${end}
<p>{{ with .Labels.service_name }}<strong>{{ . }}</strong> · ${end}${since}</p>
<p>{{ with .Annotations.runbook_url }}<a href="{{ . }}">${words.runbook}</a> ${end}
{{ with .Annotations.dashboard_url }}<a href="{{ . }}">${words.dashboard}</a>${end}</p>
${end}<p><a href="{{ .ExternalURL }}">${words.alertmanager}</a></p>
</body></html>
`
