import { type AlertCase, histogramSeries, requestCountSeries } from './case'

const requests = 'http_server_request_duration_seconds'
const life = (service: string) => `process_memory_usage_bytes{service_name="${service}"}`

export const requestCases: Record<string, AlertCase[]> = {
  HighErrorRate: [
    {
      name: 'fires for the service with a tenth of failed requests, and resolves after a minute',
      series: {
        [requestCountSeries('frontend', 200)]: '0+9x72',
        [requestCountSeries('frontend', 503)]: '0+1x36 36x36',
        [requestCountSeries('order-service', 200)]: '0+10x72',
      },
      firingAt: { '2m': [{ service_name: 'frontend', value: '10%' }], '4m30s': [] },
    },
    {
      name: 'fires within 30 s of a hard failure, though the series of failures is new',
      series: {
        [requestCountSeries('frontend', 200)]: '0+2x12 24x36',
        [requestCountSeries('frontend', 500)]: '_x12 0+2x36',
      },
      firingAt: { '1m': [], '1m30s': [{ service_name: 'frontend', value: '52.38%' }] },
    },
    {
      name: 'does not fire for one bad request, though its series is new and the next export is late',
      series: {
        [requestCountSeries('frontend', 200)]: '0+2x13 _x2 32+2x24',
        [requestCountSeries('frontend', 500)]: '_x12 0 1 _x2 1x24',
      },
      firingAt: { '1m5s': [], '1m10s': [], '1m15s': [], '1m20s': [], '2m': [] },
    },
    {
      name: 'does not fire below twenty requests per minute',
      series: { [requestCountSeries('frontend', 500)]: '0+1x36' },
      firingAt: { '1m': [], '2m': [] },
    },
    {
      name: 'does not fire for 404 responses',
      series: { [requestCountSeries('frontend', 404)]: '0+20x36' },
      firingAt: { '2m': [] },
    },
  ],
  HighLatency: [
    {
      name: 'fires for the service with a fifth of slow requests, and resolves after a minute',
      series: {
        ...histogramSeries(requests, 'product-service', 0.5, '0+8x36 288+10x36', '0+10x72'),
        ...histogramSeries(requests, 'frontend', 0.5, '0+10x72', '0+10x72'),
      },
      firingAt: { '2m': [{ service_name: 'product-service', value: '875 ms' }], '4m30s': [] },
    },
    {
      name: 'does not fire for one slow request in twenty',
      series: histogramSeries(requests, 'frontend', 0.5, '0+2x12 23+2x36', '0+2x12 24+2x36'),
      firingAt: { '1m': [], '1m5s': [], '1m10s': [], '1m30s': [] },
    },
    {
      name: 'does not fire below twenty requests per minute',
      series: histogramSeries(requests, 'frontend', 0.5, '0x36', '0+1x36'),
      firingAt: { '2m': [] },
    },
  ],
  ServiceDown: [
    {
      name: 'fires within a minute, still fires after twenty, and resolves when the service reports again',
      series: { [life('order-service')]: '1x12 _x252 1x12', [life('frontend')]: '1x280' },
      firingAt: {
        '1m30s': [],
        '1m50s': [{ service_name: 'order-service', value: '' }],
        '21m': [{ service_name: 'order-service', value: '' }],
        '22m10s': [],
      },
    },
    {
      name: 'does not fire for programs that are not services of the shop',
      series: { [life('k6')]: '1x12 _x40', [life('frontend')]: '1x60' },
      firingAt: { '3m': [] },
    },
    {
      name: 'does not fire just after the start of Prometheus',
      series: {
        [life('frontend')]: '1x12 _x54 1x20',
        'process_start_time_seconds{job="prometheus"}': '0x12 _x48 300x20',
      },
      firingAt: { '4m': [{ service_name: 'frontend', value: '' }], '5m5s': [], '5m20s': [], '6m20s': [] },
    },
  ],
  RequestRateAnomaly: [
    {
      name: 'fires at three times the normal rate, and at none',
      series: {
        [requestCountSeries('frontend', 200)]: '0+50x180 9000+150x36',
        [requestCountSeries('user-service', 200)]: '0+50x180 9000x36',
        [requestCountSeries('order-service', 200)]: '0+50x216',
      },
      firingAt: {
        '15m': [],
        '17m': [
          { service_name: 'frontend', value: '30.0' },
          { service_name: 'user-service', value: '0.0' },
        ],
      },
      shrink: 60,
    },
    {
      name: 'resolves when the rate is normal again',
      series: { [requestCountSeries('frontend', 200)]: '0+50x180 9000+150x24 12600+50x60' },
      firingAt: { '17m': [{ service_name: 'frontend', value: '30.0' }], '20m': [] },
      shrink: 60,
    },
    {
      name: 'fires without traffic at an hour that had traffic yesterday, though nights are quiet',
      // Days of 24 minutes, half of each a night.
      series: { [requestCountSeries('frontend', 200)]: '0+20x144 2880+0.5x144 2952+20x72 4392x72 4392+0.5x72' },
      firingAt: { '29m': [], '32m': [{ service_name: 'frontend', value: '0.0' }], '38m': [] },
      shrink: 60,
    },
    {
      name: 'does not fire for an hour that was quiet yesterday too, or for a small shop',
      series: {
        [requestCountSeries('frontend', 200)]: '0+20x72 1440+0.5x216 1548+20x72 2988+0.5x144',
        [requestCountSeries('user-service', 200)]: '0+0.9x288 260x72',
      },
      firingAt: { '29m': [], '32m': [], '38m': [] },
      shrink: 60,
    },
    {
      name: 'does not fire for a small increase of steady traffic, or for a quiet service',
      series: {
        [requestCountSeries('frontend', 200)]: '0+50x180 9000+60x36',
        [requestCountSeries('user-service', 200)]: '0x180 0+4x36',
      },
      firingAt: { '16m': [], '17m': [] },
      shrink: 60,
    },
    {
      name: 'does not fire with only an hour of data',
      series: { [requestCountSeries('frontend', 200)]: '0+5x720 3600+250x72' },
      firingAt: { '65m30s': [], '66m': [] },
    },
  ],
}
