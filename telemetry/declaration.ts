/** What a program says, as data: the source of its instruments, of its documentation and of the test that it says no more. */
export interface Declarations {
  metrics: Record<string, MetricDeclaration>
  /** By name; a name in braces stands for the value of that attribute: `{db.query.summary}`. */
  spans: Record<string, SpanDeclaration>
  /** Log events by name. */
  events: Record<string, string>
  /** What spans and log lines carry, by key. */
  attributes: Record<string, AttributeDeclaration>
}

export type MetricDeclaration = CounterDeclaration | HistogramDeclaration | GaugeDeclaration

interface Instrument {
  /** By the conventions: lower case, dots. */
  name: string
  /** UCUM unit, or a name in braces for counted things: `s`, `By`, `{order}`. */
  unit: string
  description: string
  /** The keys of its labels, each with all its values, or with why there are few. */
  attributes?: Readonly<Record<string, readonly (string | number | boolean)[] | string>>
}

export interface CounterDeclaration extends Instrument {
  /** `sum` may go down. */
  kind: 'counter' | 'sum'
}
export interface HistogramDeclaration extends Instrument {
  kind: 'histogram'
  /** Upper bounds of the buckets, in `unit`. */
  buckets: readonly number[]
}
export interface GaugeDeclaration extends Instrument {
  kind: 'gauge'
}

export interface SpanDeclaration {
  kind: 'internal' | 'server' | 'client'
  description: string
}

export interface AttributeDeclaration {
  type: 'string' | 'int' | 'double' | 'boolean' | 'string[]'
  description: string
  unit?: string
  /** All values, where they can be listed. */
  values?: readonly (string | number | boolean)[]
}

/** The labels that an instrument takes, by its declaration. */
export type AttributesOf<D extends Instrument> = D extends { attributes: infer L }
  ? { readonly [K in keyof L]: L[K] extends readonly (infer V)[] ? V : string | number }
  : Record<never, never>
