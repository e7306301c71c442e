import type { Attributes } from '@opentelemetry/api'
import type { InstrumentMeter } from '../metrics/instruments'

/** How full a pool of connections is, now. */
export interface PoolState {
  idle: number
  used: number
  max: number
  pending: number
}

/** Reports a pool at each export. Source: semantic conventions 1.44, "Database client metrics". */
export function observePool(meter: InstrumentMeter, pool: Attributes, state: () => PoolState): void {
  const gauge = (name: string, description: string) =>
    meter.createObservableUpDownCounter(`db.client.connection.${name}`, { unit: '{connection}', description })
  const count = gauge('count', 'Connections of the pool, by state')
  const max = gauge('max', 'Most connections that the pool may open')
  const pending = meter.createObservableUpDownCounter('db.client.connection.pending_requests', {
    unit: '{request}',
    description: 'Requests that wait for a connection',
  })
  meter.addBatchObservableCallback(
    (result) => {
      const now = state()
      result.observe(count, now.idle, { ...pool, 'db.client.connection.state': 'idle' })
      result.observe(count, now.used, { ...pool, 'db.client.connection.state': 'used' })
      result.observe(max, now.max, pool)
      result.observe(pending, now.pending, pool)
    },
    [count, max, pending],
  )
}
