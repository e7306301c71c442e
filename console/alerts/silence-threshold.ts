import type { Rule } from '../views'

/** How long a service may send nothing. Longer silence is unexpected only if a rule watches the service. */
export interface SilenceThreshold {
  thresholdUs: number
  isUnexpected: boolean
}

// Without a rule, silence is normal: a load test ends.
const defaultThresholdS = 30

/** The threshold of the first silence rule that applies to the service. */
export function silenceThresholdFor(rules: Rule[], service: string): SilenceThreshold {
  const rule = rules.find(({ kind, services }) => kind === 'silent_s' && (services?.includes(service) ?? true))
  return { thresholdUs: (rule?.above ?? defaultThresholdS) * 1_000_000, isUnexpected: rule !== undefined }
}
