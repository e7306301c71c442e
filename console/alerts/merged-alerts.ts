import type { Rule } from '../views'
import type { RuleAlert, RuleEvaluator } from './evaluate-rules'
import type { ReceivedAlert, ReceivedAlerts } from './received-alerts'

/** An alert as pages show it, whoever says so: the console's own rules, an Alertmanager, or both. */
export interface MergedAlert {
  name: string
  severity: Rule['severity']
  summary: Rule['summary']
  /** Empty where it is about no program. */
  service: string
  /** Of the same name. */
  rule: Rule | undefined
  /** In the unit of the rule; nothing where an Alertmanager alone says so. */
  value: number | undefined
  sinceUs: number
  untilUs: number | undefined
  runbookUrl: string | undefined
  isFromAlertmanager: boolean
  /** Whether an Alertmanager told of it and then said nothing any more. */
  isExpired: boolean
}

const severities: Rule['severity'][] = ['critical', 'warning', 'info']
const mostPast = 50

/** The console's own alerts and those that were received; what both say of the same service is one. */
export function createMergedAlerts(own: RuleEvaluator, received: ReceivedAlerts) {
  return { rules: own.rules, firing, past }

  /** The worst first, and of those what began first. */
  function firing(): MergedAlert[] {
    received.expire()
    const rank = ({ severity }: MergedAlert) => severities.indexOf(severity)
    return merged(own.firing(), received.firing()).sort((a, b) => rank(a) - rank(b) || a.sinceUs - b.sinceUs)
  }

  function past(): MergedAlert[] {
    const all = merged(own.past(), received.past())
    return all.sort((a, b) => (b.untilUs ?? 0) - (a.untilUs ?? 0)).slice(0, mostPast)
  }

  function merged(ours: RuleAlert[], theirs: ReceivedAlert[]): MergedAlert[] {
    const shown = ours.map(ofRule)
    for (const alert of theirs) {
      const same = shown.find((one) => one.value !== undefined && isSame(one, alert))
      if (!same) shown.push(ofAlertmanager(alert))
      else {
        same.isFromAlertmanager = true
        same.runbookUrl ??= alert.runbookUrl
        same.sinceUs = Math.min(same.sinceUs, alert.sinceUs)
      }
    }
    return shown
  }

  function ofAlertmanager(alert: ReceivedAlert): MergedAlert {
    const rule = own.rules.find(({ name }) => name === alert.name)
    const summary = { fr: alert.summary, en: alert.summary }
    return { ...alert, summary, rule, value: undefined, isFromAlertmanager: true }
  }
}

export type MergedAlerts = ReturnType<typeof createMergedAlerts>

function ofRule({ rule, service, value, sinceUs, untilUs }: RuleAlert): MergedAlert {
  const { name, severity, summary } = rule
  return {
    ...{ name, severity, summary, service, rule, value, sinceUs, untilUs },
    ...{ runbookUrl: undefined, isFromAlertmanager: false, isExpired: false },
  }
}

// Of what is over: at the same time.
function isSame(one: MergedAlert, other: ReceivedAlert): boolean {
  if (one.name !== other.name || one.service !== other.service) return false
  return one.sinceUs <= (other.untilUs ?? Infinity) && other.sinceUs <= (one.untilUs ?? Infinity)
}
