/** Whether a fault is evaluated for each request, or once for the process. */
type Scope = 'request' | 'process'

interface FlagDefinition {
  scope: Scope
  /** The unit of its value. */
  unit: string
  /** Valid values, in addition to 0 for off. */
  range: readonly [min: number, max: number]
  description: string
}

/** All faults. The value of each is a number; 0 is off. */
export const flags = {
  'http-latency': {
    scope: 'request',
    unit: 'ms',
    range: [1, 60_000],
    description: 'delay before the handler of each request',
  },
  'http-error': {
    scope: 'request',
    unit: 'HTTP status',
    range: [400, 599],
    description: 'status of each response; the handler is not called',
  },
  'slow-query': {
    scope: 'request',
    unit: 'ms',
    range: [1, 60_000],
    description: 'extra time of the first SQL statement of each request, on its connection',
  },
  'stock-lock': {
    scope: 'request',
    unit: 'ms',
    range: [1, 60_000],
    description: 'extra time that each reservation holds its row locks',
  },
  'pool-size': {
    scope: 'process',
    unit: 'connections',
    range: [1, 1000],
    description: 'size of the connection pool; no effect on SQLite, which has one connection',
  },
  'memory-growth': {
    scope: 'process',
    unit: 'MB/s',
    range: [1, 256],
    description: 'memory that leaks per second, up to 1 GB; freed when off',
  },
  'event-loop-block': {
    scope: 'request',
    unit: 'ms',
    range: [1, 10_000],
    description: 'time for which each request blocks the event loop',
  },
  'dropped-export': {
    scope: 'process',
    unit: '1',
    range: [1, 1],
    description: 'batches of spans and logs are dropped; metrics are still exported and count them',
  },
  'checkout-discard': {
    scope: 'request',
    unit: '1',
    range: [1, 1],
    description: 'a checkout shows the cart again without an error and places no order',
  },
} as const satisfies Record<string, FlagDefinition>

export type FaultKey = keyof typeof flags

export const faultKeys = Object.keys(flags) as FaultKey[]

export const isFaultKey = (key: string): key is FaultKey => Object.hasOwn(flags, key)
