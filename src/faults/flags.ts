/** Where a fault is asked for: by each request, or by the process as such, whatever it answers. */
type Scope = 'request' | 'process'

interface FlagKind {
  scope: Scope
  /** What its value counts. */
  unit: string
  /** The values that make sense; 0 is off for all. */
  range: readonly [least: number, most: number]
  description: string
}

/** All faults. Each is a number; 0 is off. */
export const flags = {
  'http-latency': {
    scope: 'request',
    unit: 'ms',
    range: [1, 60_000],
    description: 'each request waits so long before its handler',
  },
  'http-error': {
    scope: 'request',
    unit: 'HTTP status',
    range: [400, 599],
    description: 'each request is answered with it, without its handler',
  },
  'slow-query': {
    scope: 'request',
    unit: 'ms',
    range: [1, 60_000],
    description: "each request's first statement takes so much longer, and its connection with it",
  },
  'stock-lock': {
    scope: 'request',
    unit: 'ms',
    range: [1, 60_000],
    description: "each reservation holds its rows' locks so much longer",
  },
  'pool-size': {
    scope: 'process',
    unit: 'connections',
    range: [1, 1000],
    description: 'the pool has so many connections; SQLite has one, whatever it says',
  },
  'memory-growth': {
    scope: 'process',
    unit: 'MB/s',
    range: [1, 256],
    description: 'so much memory is kept each second, up to 1 GB; given back when off',
  },
  'event-loop-block': {
    scope: 'request',
    unit: 'ms',
    range: [1, 10_000],
    description: 'each request computes so long, and nobody else is answered meanwhile',
  },
  'dropped-export': {
    scope: 'process',
    unit: '1',
    range: [1, 1],
    description: 'batches of spans and logs are refused before they leave; metrics go on, and count them',
  },
  'checkout-discard': {
    scope: 'request',
    unit: '1',
    range: [1, 1],
    description: 'a checkout shows the cart again, with a friendly word, and places no order',
  },
} as const satisfies Record<string, FlagKind>

export type FaultKey = keyof typeof flags

export const faultKeys = Object.keys(flags) as FaultKey[]

export const isFaultKey = (key: string): key is FaultKey => Object.hasOwn(flags, key)
