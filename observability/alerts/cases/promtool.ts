import type { Alert } from '../../alerts'
import { runbookUrl } from '../../alerts'
import type { Case, Firing } from './case'

const interval = '5s'
// promtool evaluates all groups as often as this and knows nothing of a group's own interval; the sums of slo-long need it.
const recordedInterval = '30s'

/** A file for `promtool test rules`: one case of an alert, with labels and texts of what fires. Rules are read from `folder`. */
export function promtoolTest(alert: Alert, { series, at }: Case, folder: string): object {
  const isRecorded = alert.expr.includes('sli:')
  return {
    rule_files: [...(isRecorded ? [`${folder}/slo.yml`] : []), `${folder}/alerts.yml`],
    evaluation_interval: isRecorded ? recordedInterval : interval,
    group_eval_order: isRecorded ? ['slo', 'slo-long'] : [],
    tests: [
      {
        interval,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: Object.entries(at).map(([time, firing]) => ({
          eval_time: time,
          alertname: alert.name,
          exp_alerts: firing.map((one) => expected(alert, one)),
        })),
      },
    ],
  }
}

function expected(alert: Alert, { value, ...labels }: Firing): object {
  const shown = (text: string) => filledIn(text, typeset(value), labels)
  return {
    exp_labels: { severity: alert.severity, ...labels },
    exp_annotations: {
      summary: shown(alert.summary),
      description: shown(alert.description),
      runbook_url: runbookUrl(alert),
    },
  }
}

// As Prometheus does, for the few forms that our texts have.
function filledIn(text: string, value: string, labels: Record<string, string>): string {
  return text
    .replace(/\{\{ if eq \$labels\.(\w+) "(\w+)" \}\}(.*?)\{\{ else \}\}(.*?)\{\{ end \}\}/g, (_, name, is, yes, no) =>
      labels[name] === is ? yes : no,
    )
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name) => labels[name] ?? '')
    .replace(/\{\{ \$value.*?\}\}/g, value)
}

const typeset = (value: string): string => value.replace(' %', '\u202f%').replace(' ', '\u00a0')
