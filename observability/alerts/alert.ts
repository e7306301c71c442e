/** The source of an alerting rule, of its notification and of its runbook link. */
export interface Alert {
  name: string
  severity: 'critical' | 'warning' | 'info'
  /** Whether it fires for each service separately, with a label `service_name`. */
  perService: boolean
  expr: string
  for?: string
  keepFiringFor?: string
  /** One line for lists, with Prometheus' placeholders. */
  summary: string
  /** One or two sentences, with Prometheus' placeholders. */
  description: string
}

/** All conditions hold. The value is the first one's. */
export const and = (...conditions: string[]): string => conditions.join('\nand ')

/** At least one condition holds. `or` has the lowest precedence in PromQL, so no parentheses are needed. */
export const or = (...conditions: string[]): string => conditions.join('\nor\n')
