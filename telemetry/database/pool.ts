import type { Attributes } from '@opentelemetry/api'
import { type InstrumentMeter, instruments } from '../metrics/instruments'
import { layer } from '../signals'

/** How full a pool of connections is, now. */
export interface PoolState {
  idle: number
  used: number
  max: number
  pending: number
}

/** Reports a pool at each export. Source: semantic conventions 1.44, "Database client metrics". */
export function observePool(meter: InstrumentMeter, pool: Attributes, state: () => PoolState): void {
  const { gauge } = instruments(meter)
  const { connectionCount, connectionMax, connectionPending } = layer.metrics
  gauge(connectionCount, () => {
    const { idle, used } = state()
    return [
      [idle, { ...pool, 'db.client.connection.state': 'idle' }],
      [used, { ...pool, 'db.client.connection.state': 'used' }],
    ]
  })
  gauge(connectionMax, () => [[state().max, pool]])
  gauge(connectionPending, () => [[state().pending, pool]])
}
