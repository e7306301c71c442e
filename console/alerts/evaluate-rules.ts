import type { Database } from 'bun:sqlite'
import { lastSeen } from '../map/last-seen'
import { statsByService } from '../overview/service-stats'
import type { TimeWindow } from '../ui/time-window'
import type { Rule } from '../views'

export interface RuleAlert {
  rule: Rule
  service: string
  /** In the unit of the rule. */
  value: number
  sinceUs: number
  /** Undefined while the alert fires. */
  untilUs: number | undefined
}

// A silence rule takes one query, the other rules take several for each route.
const intervalMs: Record<Rule['kind'], number> = { silent_s: 1000, error_share: 5000, p95_ms: 5000 }
const maxPast = 50
const hourS = 3600

/**
 * Evaluates rules for each service, and retains the firing alerts and the last 50 past ones. `evaluate` does nothing for a
 * rule that was evaluated less than 5 s ago, or 1 s for silence. A service that was never seen is not silent.
 * @param onChange called for each alert that starts or ends
 */
export function createRuleEvaluator(db: Database, rules: Rule[], onChange: (changes: number) => void = () => {}) {
  const firing = new Map<string, RuleAlert>()
  const past: RuleAlert[] = []
  const lastEvaluatedMs = new Map<Rule, number>()
  return { rules, evaluate, firing: firingNow, past: () => past }

  function firingNow(): RuleAlert[] {
    evaluate()
    return [...firing.values()]
  }

  function evaluate(nowMs = Date.now()): void {
    const nowUs = nowMs * 1000
    for (const rule of rules) {
      if (nowMs - (lastEvaluatedMs.get(rule) ?? Number.NEGATIVE_INFINITY) < intervalMs[rule.kind]) continue
      lastEvaluatedMs.set(rule, nowMs)
      update(rule, findViolations(rule, nowUs), nowUs)
    }
  }

  function update(rule: Rule, violations: Map<string, number>, nowUs: number): void {
    for (const [service, value] of violations) {
      const key = `${rule.name}\n${service}`
      const existing = firing.get(key)
      if (existing) existing.value = value
      else start(key, { rule, service, value, sinceUs: nowUs, untilUs: undefined })
    }
    for (const [key, alert] of firing) {
      if (alert.rule !== rule || violations.has(alert.service)) continue
      firing.delete(key)
      past.unshift({ ...alert, untilUs: nowUs })
      past.length = Math.min(past.length, maxPast)
      onChange(1)
    }
  }

  function start(key: string, alert: RuleAlert): void {
    firing.set(key, alert)
    onChange(1)
  }

  /** The services that violate a rule now, with their values. */
  function findViolations(rule: Rule, nowUs: number): Map<string, number> {
    const values = rule.kind === 'silent_s' ? findSilent(rule, nowUs) : findAboveThreshold(rule, nowUs)
    if (!rule.services) return values
    return new Map([...values].filter(([service]) => rule.services?.includes(service)))
  }

  function findAboveThreshold({ kind, above, windowS, minRequests }: Rule, nowUs: number): Map<string, number> {
    const values = new Map<string, number>()
    for (const [service, stats] of statsByService(db, windowOf(windowS, nowUs))) {
      if (stats.count < Math.max(1, minRequests)) continue
      const value = kind === 'error_share' ? stats.errors / stats.count : stats.quantileUs(0.95) / 1000
      if (value > above) values.set(service, value)
    }
    return values
  }

  function findSilent(rule: Rule, nowUs: number): Map<string, number> {
    const values = new Map<string, number>()
    for (const [service, lastUs] of lastSeen(db, windowOf(hourS, nowUs))) {
      // `lastSeen` gives no time for a service that is silent for an hour, but its alert still fires.
      const existing = firing.get(`${rule.name}\n${service}`)
      const sinceUs = lastUs || (existing && existing.sinceUs - rule.above * 1_000_000)
      if (!sinceUs) continue
      const value = (nowUs - sinceUs) / 1_000_000
      if (value > rule.above) values.set(service, value)
    }
    return values
  }
}

export type RuleEvaluator = ReturnType<typeof createRuleEvaluator>

const windowOf = (seconds: number, toUs: number): TimeWindow => ({ seconds, fromUs: toUs - seconds * 1_000_000, toUs })
