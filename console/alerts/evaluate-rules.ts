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
  /** When it was over; nothing while it fires. */
  untilUs: number | undefined
}

// Silence is one question, the others are some for each route.
const everyMs: Record<Rule['kind'], number> = { silent_s: 1000, error_share: 5000, p95_ms: 5000 }
const mostPast = 50
const hour = 3600

/**
 * Judges programs by rules, whenever `evaluate` is called and five seconds have passed, of silence one; keeps which rules are
 * broken, since when, and which were lately. A program that was never heard of is not silent. `tell` hears of each change.
 */
export function createRuleEvaluator(db: Database, rules: Rule[], tell: (changes: number) => void = () => {}) {
  const firing = new Map<string, RuleAlert>()
  const past: RuleAlert[] = []
  const judgedMs = new Map<Rule, number>()
  return { rules, evaluate, firing: firingNow, past: () => past }

  function firingNow(): RuleAlert[] {
    evaluate()
    return [...firing.values()]
  }

  function evaluate(nowMs = Date.now()): void {
    const nowUs = nowMs * 1000
    for (const rule of rules) {
      if (nowMs - (judgedMs.get(rule) ?? Number.NEGATIVE_INFINITY) < everyMs[rule.kind]) continue
      judgedMs.set(rule, nowMs)
      judge(rule, broken(rule, nowUs), nowUs)
    }
  }

  function judge(rule: Rule, values: Map<string, number>, nowUs: number): void {
    for (const [service, value] of values) {
      const key = `${rule.name}\n${service}`
      const known = firing.get(key)
      if (known) known.value = value
      else begin(key, { rule, service, value, sinceUs: nowUs, untilUs: undefined })
    }
    for (const [key, alert] of firing) {
      if (alert.rule !== rule || values.has(alert.service)) continue
      firing.delete(key)
      past.unshift({ ...alert, untilUs: nowUs })
      past.length = Math.min(past.length, mostPast)
      tell(1)
    }
  }

  function begin(key: string, alert: RuleAlert): void {
    firing.set(key, alert)
    tell(1)
  }

  /** The programs that break a rule now, each with how much. */
  function broken(rule: Rule, nowUs: number): Map<string, number> {
    const values = rule.kind === 'silent_s' ? silent(rule, nowUs) : unwell(rule, nowUs)
    if (!rule.services) return values
    return new Map([...values].filter(([service]) => rule.services?.includes(service)))
  }

  function unwell({ kind, above, windowS, minRequests }: Rule, nowUs: number): Map<string, number> {
    const values = new Map<string, number>()
    for (const [service, figures] of statsByService(db, windowOf(windowS, nowUs))) {
      if (figures.count < Math.max(1, minRequests)) continue
      const value = kind === 'error_share' ? figures.errors / figures.count : figures.quantileUs(0.95) / 1000
      if (value > above) values.set(service, value)
    }
    return values
  }

  function silent(rule: Rule, nowUs: number): Map<string, number> {
    const values = new Map<string, number>()
    for (const [service, lastUs] of lastSeen(db, windowOf(hour, nowUs))) {
      // Of one that was silent for an hour nothing is left but that it was.
      const before = firing.get(`${rule.name}\n${service}`)
      const sinceUs = lastUs || (before && before.sinceUs - rule.above * 1_000_000)
      if (!sinceUs) continue
      const value = (nowUs - sinceUs) / 1_000_000
      if (value > rule.above) values.set(service, value)
    }
    return values
  }
}

export type RuleEvaluator = ReturnType<typeof createRuleEvaluator>

const windowOf = (seconds: number, toUs: number): TimeWindow => ({ seconds, fromUs: toUs - seconds * 1_000_000, toUs })
