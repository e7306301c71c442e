import { type AlertCase, histogramSeries } from './case'

const statements = 'db_client_operation_duration_seconds'
const pending =
  'db_client_connection_pending_requests{service_name="order-service",db_client_connection_pool_name="orders"}'
const waiting = { service_name: 'order-service', db_client_connection_pool_name: 'orders', value: '3' }

export const databaseCases: Record<string, AlertCase[]> = {
  DatabaseSlow: [
    {
      name: 'fires for the service with a fifth of slow statements, and resolves after a minute',
      series: {
        ...histogramSeries(statements, 'order-service', 0.1, '0+8x36 288+10x36', '0+10x72'),
        ...histogramSeries(statements, 'user-service', 0.1, '0+10x72', '0+10x72'),
      },
      firingAt: { '2m': [{ service_name: 'order-service', value: '775 ms' }], '4m30s': [] },
    },
    {
      name: 'does not fire for one slow statement, or with few statements',
      series: {
        ...histogramSeries(statements, 'order-service', 0.1, '0+2x12 23+2x36', '0+2x12 24+2x36'),
        ...histogramSeries(statements, 'user-service', 0.1, '0x48', '0+1x48'),
      },
      firingAt: { '1m5s': [], '1m30s': [], '2m': [] },
    },
  ],
  DatabasePoolExhausted: [
    {
      name: 'fires when requests wait for a connection for 20 s, and resolves when none waits',
      series: { [pending]: '0x12 3x12 0x12' },
      firingAt: { '1m15s': [], '1m25s': [waiting], '2m20s': [] },
    },
    {
      name: 'does not fire for a short wait, or for the last sample of a stopped process',
      series: { [pending]: '0x12 3x1 _x36' },
      firingAt: { '1m15s': [], '1m25s': [], '1m30s': [], '3m': [] },
    },
    {
      name: 'fires though callers time out and return, so that some samples are 0',
      series: { [pending]: '0x12 3 0 3 0 0 3 0 3 0 3' },
      firingAt: { '1m25s': [waiting], '1m50s': [waiting] },
    },
    {
      name: 'fires with an export every 10 s that is sometimes late',
      series: { [pending]: '0x12 3 _ 3 _ _ 3 _ 3 _ 3 _ 3' },
      firingAt: { '1m25s': [waiting], '1m50s': [waiting], '2m30s': [] },
    },
  ],
}
