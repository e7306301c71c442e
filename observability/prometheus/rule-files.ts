import { type Alert, alertGroups, runbookUrl } from '../alerts'
import { recordingGroups } from './recording'
import { shrinkDuration, shrinkWindows } from './shrink'
import { toYaml } from './yaml'

export interface Rule {
  record?: string
  alert?: string
  expr: string
  for?: string
  keep_firing_for?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

export interface RuleGroup {
  name: string
  /** How often it is evaluated; without it as often as Prometheus does, every 5 s. */
  interval?: string
  rules: Rule[]
}

export interface RuleFileOptions {
  /** For a demonstration: windows of 5 minutes and more become this many times shorter, never below 30 s. */
  shrink?: number
  /** Address of the folder of runbooks. */
  runbookBaseUrl?: string | undefined
}

/**
 * Prometheus' rule files by their names. Thresholds, shorter windows and names of series are the same whatever `shrink` is.
 * @throws RangeError for a `shrink` that is not between 1 and 120: an hour would become as short as five minutes.
 */
export function renderRuleFiles({
  shrink = 1,
  runbookBaseUrl,
}: RuleFileOptions = {}): Record<'slo.yml' | 'alerts.yml', string> {
  if (!(shrink >= 1 && shrink <= 120)) throw new RangeError(`shrink must be between 1 and 120, not ${shrink}`)
  const alerting = Object.entries(alertGroups).map(([name, alerts]) => ({
    name,
    rules: alerts.map((alert) => alertRule(alert, runbookBaseUrl)),
  }))
  return { 'slo.yml': file(recordingGroups, shrink), 'alerts.yml': file(alerting, shrink) }
}

function alertRule(alert: Alert, runbookBase: string | undefined): Rule {
  const { name, severity, expr, keepFiringFor, summary, description } = alert
  return {
    alert: name,
    expr,
    ...(alert.for && { for: alert.for }),
    ...(keepFiringFor && { keep_firing_for: keepFiringFor }),
    labels: { severity },
    annotations: { summary, description, runbook_url: runbookUrl(alert, runbookBase) },
  }
}

function file(groups: RuleGroup[], shrink: number): string {
  const short = shrink === 1 ? '' : ` Windows of 5 minutes and more are ${shrink} times shorter.`
  const head = `# Generated from observability/slo.ts and observability/alerts/ by \`bun run generate\`: change those.${short}\n`
  return (
    head +
    toYaml({ groups: groups.map((group) => ({ ...group, rules: group.rules.map((rule) => shorter(rule, shrink)) })) })
  )
}

function shorter(rule: Rule, shrink: number): Rule {
  return Object.fromEntries(
    Object.entries(rule).map(([key, value]) => {
      if (key === 'expr') return [key, shrinkWindows(value, shrink)]
      return [key, key === 'for' || key === 'keep_firing_for' ? shrinkDuration(value, shrink) : value]
    }),
  ) as unknown as Rule
}
