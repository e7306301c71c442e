import { type AlertCase, histogramSeries, requestCountSeries } from './case'

const requests = 'http_server_request_duration_seconds'

export const budgetCases: Record<string, AlertCase[]> = {
  SLOErrorBudgetFastBurn: [
    {
      name: 'fires at 14.4 times each budget: 1.44 % of the storefront, 14.4 % of a service',
      series: {
        [requestCountSeries('frontend', 200)]: '0+97x36',
        [requestCountSeries('frontend', 500)]: '0+3x36',
        [requestCountSeries('user-service', 200)]: '0+80x36',
        [requestCountSeries('user-service', 500)]: '0+20x36',
      },
      firingAt: {
        '2m': [
          { service_name: 'frontend', slo: 'availability', value: '30.0' },
          { service_name: 'user-service', slo: 'errors', value: '20.0' },
        ],
      },
    },
    {
      name: 'fires for a slower burn after six hours, and resolves soon after it stops',
      series: {
        [requestCountSeries('user-service', 200)]: '0+92x96 8832+100x36',
        [requestCountSeries('user-service', 500)]: '0+8x96 768x36',
      },
      firingAt: { '8m': [{ service_name: 'user-service', slo: 'errors', value: '8.0' }], '9m': [] },
      shrink: 60,
    },
    {
      name: 'does not fire for one or four bad requests with little traffic',
      series: {
        [requestCountSeries('frontend', 200)]: '0+1x24',
        [requestCountSeries('frontend', 500)]: '0 1x24',
        [requestCountSeries('user-service', 500)]: '0+1x4 4x20',
      },
      firingAt: { '30s': [], '1m': [], '2m': [] },
    },
    {
      name: 'resolves when the last five minutes are good, though the hour is not',
      series: {
        [requestCountSeries('user-service', 200)]: '0+10x132',
        [requestCountSeries('user-service', 500)]: '0+10x12 120x120',
      },
      firingAt: { '1m': [{ service_name: 'user-service', slo: 'errors', value: '50.0' }], '2m': [] },
      shrink: 60,
    },
    {
      name: 'does not fire within the budget',
      series: {
        [requestCountSeries('user-service', 200)]: '0+96x36',
        [requestCountSeries('user-service', 500)]: '0+4x36',
      },
      firingAt: { '2m': [] },
    },
  ],
  SLOErrorBudgetSlowBurn: [
    {
      name: 'fires at two and four times the allowed share after six hours of data, and resolves after six good hours',
      series: {
        [requestCountSeries('user-service', 200)]: '0+98x108 10584+100x96',
        [requestCountSeries('user-service', 500)]: '0+2x108 216x96',
        [requestCountSeries('order-service', 200)]: '0+96x108 10368+100x96',
        [requestCountSeries('order-service', 500)]: '0+4x108 432x96',
      },
      firingAt: {
        '4m': [],
        '8m30s': [
          { service_name: 'user-service', slo: 'errors', value: '2.0' },
          { service_name: 'order-service', slo: 'errors', value: '4.0' },
        ],
        '17m': [],
      },
      shrink: 60,
    },
    {
      name: 'does not fire at half of the allowed share',
      series: {
        [requestCountSeries('user-service', 200)]: '0+199x120',
        [requestCountSeries('user-service', 500)]: '0+1x120',
      },
      firingAt: { '5m': [], '9m': [] },
      shrink: 60,
    },
    {
      name: 'does not fire for one bad request',
      series: { [requestCountSeries('frontend', 200)]: '0+1x120', [requestCountSeries('frontend', 500)]: '0 1x120' },
      firingAt: { '1m': [], '5m': [], '9m': [] },
      shrink: 60,
    },
  ],
  SLOLatencyBurn: [
    {
      name: 'fires when four of ten are slow, and resolves after six good hours',
      series: histogramSeries(requests, 'product-service', 0.3, '0+6x36 216+10x120', '0+10x156'),
      firingAt: { '3m': [{ service_name: 'product-service', slo: 'latency', value: '8.0' }], '13m': [] },
      shrink: 60,
    },
    {
      name: 'fires when one of ten is slow for days',
      series: histogramSeries(requests, 'product-service', 0.3, '0+9x120', '0+10x120'),
      firingAt: { '5m': [], '9m': [{ service_name: 'product-service', slo: 'latency', value: '2.0' }] },
      shrink: 60,
    },
    {
      name: 'does not fire when one of twenty-five is slow, or one request with little traffic',
      series: {
        ...histogramSeries(requests, 'product-service', 0.3, '0+24x120', '0+25x120'),
        ...histogramSeries(requests, 'user-service', 0.3, '0x120', '0 1x119'),
      },
      firingAt: { '1m': [], '5m': [], '9m': [] },
      shrink: 60,
    },
  ],
}
