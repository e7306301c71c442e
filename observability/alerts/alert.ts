/** An alert as its author thinks of it. Prometheus' rule, its runbook's address and its tests follow from it. */
export interface Alert {
  name: string
  severity: 'critical' | 'warning' | 'info'
  /** Whether it fires for each program by itself, with a label `service_name`. */
  perService: boolean
  expr: string
  for?: string
  keepFiringFor?: string
  /** Both in French, with Prometheus' placeholders; one line for a list, one or two sentences for who reads on. */
  summary: string
  description: string
}

/** All of these at once; the value is the first one's. */
export const and = (...conditions: string[]): string => conditions.join('\nand ')

/** Any of these; `or` binds weakest, so that none needs parentheses. */
export const or = (...conditions: string[]): string => conditions.join('\nor\n')
