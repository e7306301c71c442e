/** All telemetry of a program as data: the source of its instruments, its documentation and the test for completeness. */
export interface Declarations {
  metrics: Record<string, MetricDeclaration>
  /** By name; an attribute key in braces is replaced by the attribute's value: `{db.query.summary}`. */
  spans: Record<string, SpanDeclaration>
  /** Log events by name. */
  events: Record<string, string>
  /** Attributes of spans and log records, by key. */
  attributes: Record<string, AttributeDeclaration>
}

export type MetricDeclaration = CounterDeclaration | HistogramDeclaration | GaugeDeclaration

interface Instrument {
  /** Lower case with dots, as in the semantic conventions. */
  name: string
  /** UCUM unit, or a name in braces for counted things: `s`, `By`, `{order}`. */
  unit: string
  description: string
  /** Attributes by key, each with all its values or with the reason why there are few. */
  attributes?: Readonly<Record<string, readonly (string | number | boolean)[] | string>>
}

export interface CounterDeclaration extends Instrument {
  kind: 'counter' | 'upDownCounter'
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
  /** All values, if they can be enumerated. */
  values?: readonly (string | number | boolean)[]
}

/** The attributes that an instrument accepts, by its declaration. */
export type AttributesOf<D extends Instrument> = D extends { attributes: infer L }
  ? { readonly [K in keyof L]: L[K] extends readonly (infer V)[] ? V : string | number }
  : Record<never, never>
