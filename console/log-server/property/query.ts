/** The structure of a query of the supported part of LogQL. `queries.ts` generates it, and `print.ts` writes it as text. */
export interface Pattern {
  source: string
  ignoreCase: boolean
}

export type TextTest = { op: '=' | '!='; value: string } | { op: '=~' | '!~'; pattern: Pattern }

export type Matcher = { label: string } & TextTest

export type Compare = '=' | '==' | '!=' | '>' | '>=' | '<' | '<='

export type Filter =
  | ({ kind: 'text'; label: string } & TextTest)
  | { kind: 'number'; label: string; op: Compare; value: number }
  | { kind: 'duration'; label: string; op: Compare; value: string }
  | { kind: 'and'; separator: ' and ' | ', '; left: Filter; right: Filter }
  | { kind: 'or'; left: Filter; right: Filter }

export type FormatPart = { text: string } | { label: string } | 'line'

export type Stage =
  | { kind: 'contains'; op: '|=' | '!='; value: string; or: string[] }
  | { kind: 'matches'; op: '|~' | '!~'; pattern: Pattern; or: Pattern[] }
  | { kind: 'filter'; filter: Filter }
  | { kind: 'json' }
  | { kind: 'format'; parts: FormatPart[] }
  | { kind: 'drop'; labels: string[] }

export interface LogQuery {
  selector: Matcher[]
  stages: Stage[]
}

export type RangeFunction = 'rate' | 'count_over_time' | 'bytes_over_time'

export type Aggregation = 'sum' | 'count' | 'max' | 'min' | 'avg'

export type Metric =
  | { kind: 'range'; call: RangeFunction; query: LogQuery; range: string }
  | { kind: 'aggregate'; op: Aggregation; by: string[] | undefined; isByInFront: boolean; of: Metric }

/** `topk` can only be outermost, because it is not defined which of equal values it takes. */
export interface MetricQuery {
  top: number | undefined
  metric: Metric
}

export type Request =
  | {
      kind: 'lines'
      query: LogQuery
      startNs: bigint
      endNs: bigint
      limit: number | undefined
      direction: 'forward' | 'backward' | undefined
      isCategorized: boolean
    }
  | { kind: 'matrix'; query: MetricQuery; startS: number; endS: number; stepS: number }
  | { kind: 'vector'; query: MetricQuery; timeS: number }
