import { stringify } from 'yaml'
import { type Alert, alertGroups } from '../alerts'
import { runbookUrl } from '../runbooks'
import { type Rule, type RuleGroup, recordingGroups } from './recording'

export interface RuleFileOptions {
  /** For demonstrations: divides windows of 5 minutes and more, but not below 30 s. */
  shrink?: number
  /** The address below which the runbooks are. Default: the console. */
  runbookBaseUrl?: string | undefined
}

/**
 * Renders Prometheus’ rule files, by name. `shrink` changes windows of 5 minutes and more only.
 * @throws RangeError for a `shrink` that is not between 1 and 120, because an hour would become as short as 5 minutes
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

function alertRule(alert: Alert, runbookBaseUrl: string | undefined): Rule {
  const { name, severity, expr, keepFiringFor, summary, description } = alert
  return {
    alert: name,
    expr,
    ...(alert.for && { for: alert.for }),
    ...(keepFiringFor && { keep_firing_for: keepFiringFor }),
    labels: { severity },
    annotations: { summary, description, runbook_url: runbookUrl(alert, runbookBaseUrl) },
  }
}

function file(groups: RuleGroup[], shrink: number): string {
  const note = shrink === 1 ? '' : ` Windows of 5 minutes and more are ${shrink} times shorter.`
  const head = `# Generated from observability/slo.ts and observability/alerts/ by \`bun run generate\`: change those.${note}\n`
  return (
    head +
    stringify(
      { groups: groups.map((group) => ({ ...group, rules: group.rules.map((rule) => shrinkRule(rule, shrink)) })) },
      { lineWidth: 0, indentSeq: true },
    )
  )
}

function shrinkRule(rule: Rule, shrink: number): Rule {
  return Object.fromEntries(
    Object.entries(rule).map(([key, value]) => {
      if (key === 'expr') return [key, shrinkWindows(value, shrink)]
      return [key, key === 'for' || key === 'keep_firing_for' ? shrinkDuration(value, shrink) : value]
    }),
  ) as unknown as Rule
}

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }
const minS = 30
const shrinksFromS = 300

/** Divides a duration of 5 minutes or more by `factor`, but not below 30 s. Shorter durations stay. */
export function shrinkDuration(duration: string, factor: number): string {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(duration) ?? []
  const lengthS = Number(count) * seconds[unit as keyof typeof seconds]
  if (Number.isNaN(lengthS)) throw new Error(`${duration} is not a duration such as 5m`)
  if (factor === 1 || lengthS < shrinksFromS) return duration
  return `${Math.max(minS, Math.round(lengthS / factor))}s`
}

/** Shortens windows and offsets in PromQL. Names of series, which contain windows too, stay. */
const shrinkWindows = (expr: string, factor: number): string =>
  expr
    .replaceAll(/\[(\w+)\]/g, (_, window: string) => `[${shrinkDuration(window, factor)}]`)
    .replaceAll(/(?<=\boffset )\w+/g, (offset) => shrinkDuration(offset, factor))
