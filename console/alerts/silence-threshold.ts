import type { Rule } from '../views'

/** From when on a program's silence is worth a word, and whether it is a fault: others may end, as a load test does. */
export interface SilenceThreshold {
  thresholdUs: number
  isUnexpected: boolean
}

const usualS = 30

/** What the first rule about silence says that judges a program. */
export function silenceThresholdFor(rules: Rule[], service: string): SilenceThreshold {
  const rule = rules.find(({ kind, services }) => kind === 'silent_s' && (services?.includes(service) ?? true))
  return { thresholdUs: (rule?.above ?? usualS) * 1_000_000, isUnexpected: rule !== undefined }
}
