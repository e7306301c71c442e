import { type AlertCase, histogramSeries } from './case'

const statements = 'db_client_operation_duration_seconds'
const pending =
  'db_client_connection_pending_requests{service_name="order-service",db_client_connection_pool_name="orders"}'
const waiting = { service_name: 'order-service', db_client_connection_pool_name: 'orders', value: '3' }

export const databaseCases: Record<string, AlertCase[]> = {
  DatabaseSlow: [
    {
      name: 'fires for the service of which a fifth of the statements is slow, and is over a minute after',
      series: {
        ...histogramSeries(statements, 'order-service', 0.1, '0+8x36 288+10x36', '0+10x72'),
        ...histogramSeries(statements, 'user-service', 0.1, '0+10x72', '0+10x72'),
      },
      firingAt: { '2m': [{ service_name: 'order-service', value: '775 ms' }], '4m30s': [] },
    },
    {
      name: 'is silent for one slow statement, and for few',
      series: {
        ...histogramSeries(statements, 'order-service', 0.1, '0+2x12 23+2x36', '0+2x12 24+2x36'),
        ...histogramSeries(statements, 'user-service', 0.1, '0x48', '0+1x48'),
      },
      firingAt: { '1m5s': [], '1m30s': [], '2m': [] },
    },
  ],
  DatabasePoolExhausted: [
    {
      name: 'fires when requests wait for a connection for 20 s, and is over when none does',
      series: { [pending]: '0x12 3x12 0x12' },
      firingAt: { '1m15s': [], '1m25s': [waiting], '2m20s': [] },
    },
    {
      name: 'is silent about a short queue, and about what a dead process said last',
      series: { [pending]: '0x12 3x1 _x36' },
      firingAt: { '1m15s': [], '1m25s': [], '1m30s': [], '3m': [] },
    },
    {
      name: 'fires though callers give up and come back, so that at every other glance nobody waits',
      series: { [pending]: '0x12 3 0 3 0 0 3 0 3 0 3' },
      firingAt: { '1m25s': [waiting], '1m50s': [waiting] },
    },
    {
      name: 'fires where metrics come every 10 s only, and now and then a little late',
      series: { [pending]: '0x12 3 _ 3 _ _ 3 _ 3 _ 3 _ 3' },
      firingAt: { '1m25s': [waiting], '1m50s': [waiting], '2m30s': [] },
    },
  ],
}
