import type { Attributes } from '@opentelemetry/api'
import { builtInDeclarations } from '../built-in-declarations'
import { type InstrumentMeter, instruments } from '../metrics/instruments'

/** The numbers of connections of a pool, now. */
export interface PoolState {
  idle: number
  used: number
  max: number
  /** Callers that wait for a connection. */
  pending: number
}

/** Observes the state of a pool at each collection. Source: semantic conventions 1.44, "Database client metrics". */
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
