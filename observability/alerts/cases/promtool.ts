import type { Alert } from '../../alerts'
import { runbookUrl } from '../../runbooks'
import { type AlertCase, type Firing, requestCountSeries } from './case'

const interval = '5s'
// promtool ignores the interval of a group, and the sums of slo-long need 30 s.
const recordedInterval = '30s'

/** A file for `promtool test rules` with one case of an alert. `folder` holds the rule files. */
export function promtoolTest(alert: Alert, { series, firingAt }: AlertCase, folder: string): object {
  const isRecorded = /\w:\w/.test(alert.expr)
  const isSummed = alert.expr.includes('sli:')
  return {
    rule_files: [...(isRecorded ? [`${folder}/slo.yml`] : []), `${folder}/alerts.yml`],
    evaluation_interval: isSummed ? recordedInterval : interval,
    group_eval_order: isRecorded ? ['slo', 'slo-long', 'shop'] : [],
    tests: [
      {
        interval,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: Object.entries(firingAt).map(([time, firing]) => ({
          eval_time: time,
          alertname: alert.name,
          exp_alerts: firing.map((one) => expected(alert, one)),
        })),
      },
    ],
  }
}

/**
 * A file for `promtool test rules` with the recording rules. The storefront gets 100 requests every 5 s for 3 minutes, a tenth
 * of them fail; then one good request every 5 s for 3 minutes. So the share is 0.1 at first, and almost 0.1 over the whole time.
 */
export function recordingRulesTest(folder: string): object {
  const expected = (expr: string, time: string, samples: Record<string, number>) => ({
    expr,
    eval_time: time,
    exp_samples: Object.entries(samples).map(([labels, value]) => ({ labels, value })),
  })
  return {
    rule_files: [`${folder}/slo.yml`],
    evaluation_interval: recordedInterval,
    group_eval_order: ['slo', 'slo-long'],
    fuzzy_compare: true,
    tests: [
      {
        interval,
        input_series: [
          { series: requestCountSeries('frontend', 200), values: '0+90x36 3240+1x36' },
          { series: requestCountSeries('frontend', 500), values: '0+10x36 360x36' },
          { series: requestCountSeries('user-service', 200), values: '0+10x72' },
          { series: requestCountSeries('order-service', 200), values: '7x72' },
        ],
        promql_expr_test: [
          expected('sli:errors:bad_ratio_rate1h', '3m', {
            'sli:errors:bad_ratio_rate1h{service_name="frontend",slo="errors"}': 0.1,
            'sli:errors:bad_ratio_rate1h{service_name="user-service",slo="errors"}': 0,
          }),
          expected('sli:availability:bad_ratio_rate1h', '3m', {
            'sli:availability:bad_ratio_rate1h{service_name="frontend",slo="availability"}': 0.1,
          }),
          expected('sli:errors:bad_ratio_rate1h', '6m', {
            'sli:errors:bad_ratio_rate1h{service_name="frontend",slo="errors"}': 0,
            'sli:errors:bad_ratio_rate1h{service_name="user-service",slo="errors"}': 0,
          }),
          expected('round(sli:availability:bad_ratio_rate30d, 0.001)', '6m', {
            '{service_name="frontend",slo="availability"}': 0.099,
          }),
          expected('sli:requests:increase1h', '3m', {
            'sli:requests:increase1h{service_name="frontend"}': 1200,
            'sli:requests:increase1h{service_name="user-service"}': 120,
            'sli:requests:increase1h{service_name="order-service"}': 0,
          }),
        ],
      },
    ],
  }
}

function expected(alert: Alert, { value, ...labels }: Firing): object {
  const rendered = (text: string) => renderTemplate(text, value, labels)
  return {
    exp_labels: { severity: alert.severity, ...labels },
    exp_annotations: {
      summary: rendered(alert.summary),
      description: rendered(alert.description),
      runbook_url: runbookUrl(alert),
    },
  }
}

// Renders the few template forms that the alerts use, as Prometheus does.
function renderTemplate(text: string, value: string, labels: Record<string, string>): string {
  return text
    .replace(/\{\{ if eq \$labels\.(\w+) "(\w+)" \}\}(.*?)\{\{ else \}\}(.*?)\{\{ end \}\}/g, (_, name, is, yes, no) =>
      labels[name] === is ? yes : no,
    )
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name) => labels[name] ?? '')
    .replace(/\{\{ \$value.*?\}\}/g, value)
}
