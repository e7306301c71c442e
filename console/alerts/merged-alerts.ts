import type { Runbooks } from '../runbooks/read-runbooks'
import { runbookLink } from '../ui/paths'
import type { Rule } from '../views'
import type { RuleAlert, RuleEvaluator } from './evaluate-rules'
import type { ReceivedAlert, ReceivedAlerts } from './received-alerts'

/** An alert as pages show it, from the console's own rules, from Alertmanager, or from both. */
export interface MergedAlert {
  name: string
  severity: Rule['severity']
  summary: Rule['summary']
  /** Empty for an alert without a service. */
  service: string
  /** The console's rule with the name of the alert. */
  rule: Rule | undefined
  /** In the unit of the rule; undefined for an alert from Alertmanager only. */
  value: number | undefined
  sinceUs: number
  untilUs: number | undefined
  /** The URL in Alertmanager's notification, otherwise the path of the runbook that the console serves. */
  runbookUrl: string | undefined
  isFromAlertmanager: boolean
  /** Whether Alertmanager stopped repeating the alert without resolving it. */
  isExpired: boolean
}

const severities: Rule['severity'][] = ['critical', 'warning', 'info']
const maxPast = 50

/**
 * Merges the console's own alerts with the received ones: the same name and service is one alert.
 * @param runbooks the served runbooks, by the name of their alert
 */
export function createMergedAlerts(own: RuleEvaluator, received: ReceivedAlerts, runbooks: Runbooks) {
  return { rules: own.rules, firing, past }

  /** Sorted by severity, then by start. */
  function firing(): MergedAlert[] {
    received.expire()
    const rank = ({ severity }: MergedAlert) => severities.indexOf(severity)
    return merge(own.firing(), received.firing()).sort((a, b) => rank(a) - rank(b) || a.sinceUs - b.sinceUs)
  }

  function past(): MergedAlert[] {
    const all = merge(own.past(), received.past())
    return all.sort((a, b) => (b.untilUs ?? 0) - (a.untilUs ?? 0)).slice(0, maxPast)
  }

  function merge(ofRules: RuleAlert[], fromAlertmanager: ReceivedAlert[]): MergedAlert[] {
    const merged = ofRules.map(fromRule)
    for (const alert of fromAlertmanager) {
      const same = merged.find((other) => other.value !== undefined && isSame(other, alert))
      if (!same) merged.push(fromReceived(alert))
      else {
        same.isFromAlertmanager = true
        same.runbookUrl = alert.runbookUrl ?? same.runbookUrl
        same.sinceUs = Math.min(same.sinceUs, alert.sinceUs)
      }
    }
    return merged
  }

  function fromReceived(alert: ReceivedAlert): MergedAlert {
    const rule = own.rules.find(({ name }) => name === alert.name)
    const summary = { fr: alert.summary, en: alert.summary }
    const runbookUrl = alert.runbookUrl ?? servedRunbook(alert.name)
    return { ...alert, summary, rule, value: undefined, runbookUrl, isFromAlertmanager: true }
  }

  function fromRule({ rule, service, value, sinceUs, untilUs }: RuleAlert): MergedAlert {
    const { name, severity, summary } = rule
    return {
      ...{ name, severity, summary, service, rule, value, sinceUs, untilUs },
      ...{ runbookUrl: servedRunbook(name), isFromAlertmanager: false, isExpired: false },
    }
  }

  function servedRunbook(name: string): string | undefined {
    return runbooks.has(name) ? runbookLink(name) : undefined
  }
}

export type MergedAlerts = ReturnType<typeof createMergedAlerts>

// Past alerts must overlap in time.
function isSame(one: MergedAlert, other: ReceivedAlert): boolean {
  if (one.name !== other.name || one.service !== other.service) return false
  return one.sinceUs <= (other.untilUs ?? Infinity) && other.sinceUs <= (one.untilUs ?? Infinity)
}
