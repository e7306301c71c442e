import type { Attributes } from '@opentelemetry/api'
import { builtInDeclarations } from '../built-in-declarations'
import { type InstrumentMeter, instruments } from '../metrics/instruments'

/** How full a pool of connections is, now. */
export interface PoolState {
  idle: number
  used: number
  max: number
  pending: number
}

/** Reports a pool at each export. Source: semantic conventions 1.44, "Database client metrics". */
export function observePool(meter: InstrumentMeter, pool: Attributes, state: () => PoolState): void {
  const { observe } = instruments(meter)
  const { connectionCount, connectionMax, connectionPending } = builtInDeclarations.metrics
  observe(connectionCount, () => {
    const { idle, used } = state()
    return [
      [idle, { ...pool, 'db.client.connection.state': 'idle' }],
      [used, { ...pool, 'db.client.connection.state': 'used' }],
    ]
  })
  observe(connectionMax, () => [[state().max, pool]])
  observe(connectionPending, () => [[state().pending, pool]])
}
