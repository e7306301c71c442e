/** A LogQL query, parsed and compiled. */
export type Query = LogQuery | MetricQuery

/** `{service_name="order-service"} |= "refused" | json`: a stream selector and a pipeline. */
export interface LogQuery {
  kind: 'logs'
  matchers: Matcher[]
  stages: Stage[]
}

export type MetricQuery = RangeAggregation | VectorAggregation | TopK | VectorLiteral | Sum

/** `rate({…}[5m])` */
export interface RangeAggregation {
  kind: 'range'
  operation: 'rate' | 'count_over_time' | 'bytes_over_time'
  logs: LogQuery
  rangeNs: number
}

/** `sum by (service_name) (…)`; one series where `by` is empty. */
export interface VectorAggregation {
  kind: 'aggregation'
  operation: 'sum' | 'count' | 'max' | 'min' | 'avg'
  by: string[]
  of: MetricQuery
}

/** `topk(10, …)`: the `k` largest series of each group; one group where `by` is empty. */
export interface TopK {
  kind: 'topk'
  k: number
  by: string[]
  of: MetricQuery
}

/** `vector(1)` */
export interface VectorLiteral {
  kind: 'vector'
  value: number
}

/** `vector(1)+vector(1)`: what Grafana sends for "Save & test". */
export interface Sum {
  kind: 'sum'
  left: VectorLiteral
  right: VectorLiteral
}

/** A condition on one label. A missing label has the value `''`. */
export interface Matcher {
  name: string
  operator: '=' | '!=' | '=~' | '!~'
  value: string
  matches(value: string): boolean
}

export type Stage = LineFilter | LabelFilter | { kind: 'json' } | LineFormat | { kind: 'drop'; names: string[] }

/** `|= "a" or "b"` */
export interface LineFilter {
  kind: 'line'
  operator: '|=' | '!=' | '|~' | '!~'
  texts: string[]
  accepts(line: string): boolean
}

export type LabelFilter = LabelTest | LabelCombination<'and'> | LabelCombination<'or'>

interface LabelCombination<Kind> {
  kind: Kind
  left: LabelFilter
  right: LabelFilter
}

/** A condition on one label, by text, number or duration. */
export interface LabelTest {
  kind: 'label'
  name: string
  /** The value that the label must have, where only one is accepted. */
  equals?: string
  /** Whether it compares numbers or durations. */
  compares: boolean
  /** Whether a line with this value passes. A value that can't be compared passes, and the line gets an `__error__`. */
  accepts(value: string | undefined): boolean
  /** The same for a number; only in a comparison of numbers. */
  acceptsNumber?(value: number): boolean
  /** Whether the value can't be compared. */
  failsOn(value: string | undefined): boolean
}

/** `line_format "{{.service_name}}: {{__line__}}"` */
export interface LineFormat {
  kind: 'line_format'
  parts: ({ text: string } | { label: string } | { line: true })[]
}

/** A query or parameter that is invalid or not supported. The client gets the message. */
export class QueryError extends Error {}
