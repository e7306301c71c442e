import { answered, type Case, durations } from './case'

const requests = 'http_server_request_duration_seconds'

export const budgetCases: Record<string, Case[]> = {
  SLOErrorBudgetFastBurn: [
    {
      says: 'fires for what each objective allows: 1.44 % of the storefront, 14.4 % of a service',
      series: {
        [answered('frontend', 200)]: '0+97x36',
        [answered('frontend', 500)]: '0+3x36',
        [answered('user-service', 200)]: '0+80x36',
        [answered('user-service', 500)]: '0+20x36',
      },
      at: {
        '2m': [
          { service_name: 'frontend', slo: 'availability', value: '30,0' },
          { service_name: 'user-service', slo: 'errors', value: '20,0' },
        ],
      },
    },
    {
      says: 'fires for a slower burn too once six hours of it are behind, and is over soon after it stopped',
      series: {
        [answered('user-service', 200)]: '0+92x96 8832+100x36',
        [answered('user-service', 500)]: '0+8x96 768x36',
      },
      at: { '8m': [{ service_name: 'user-service', slo: 'errors', value: '8,0' }], '9m': [] },
      shrink: 60,
    },
    {
      says: 'is silent for one bad request, and for four, of a quiet night',
      series: {
        [answered('frontend', 200)]: '0+1x24',
        [answered('frontend', 500)]: '0 1x24',
        [answered('user-service', 500)]: '0+1x4 4x20',
      },
      at: { '30s': [], '1m': [], '2m': [] },
    },
    {
      says: 'is over when the last five minutes were good, though the hour was not',
      series: { [answered('user-service', 200)]: '0+10x132', [answered('user-service', 500)]: '0+10x12 120x120' },
      at: { '1m': [{ service_name: 'user-service', slo: 'errors', value: '50,0' }], '2m': [] },
      shrink: 60,
    },
    {
      says: 'is silent within the budget',
      series: { [answered('user-service', 200)]: '0+96x36', [answered('user-service', 500)]: '0+4x36' },
      at: { '2m': [] },
    },
  ],
  SLOErrorBudgetSlowBurn: [
    {
      says: 'fires at twice and at four times the allowed share, not before it is six hours old, and is over when six good hours have passed',
      series: {
        [answered('user-service', 200)]: '0+98x108 10584+100x96',
        [answered('user-service', 500)]: '0+2x108 216x96',
        [answered('order-service', 200)]: '0+96x108 10368+100x96',
        [answered('order-service', 500)]: '0+4x108 432x96',
      },
      at: {
        '4m': [],
        '8m30s': [
          { service_name: 'user-service', slo: 'errors', value: '2,0' },
          { service_name: 'order-service', slo: 'errors', value: '4,0' },
        ],
        '17m': [],
      },
      shrink: 60,
    },
    {
      says: 'is silent at half of what is allowed',
      series: { [answered('user-service', 200)]: '0+199x120', [answered('user-service', 500)]: '0+1x120' },
      at: { '5m': [], '9m': [] },
      shrink: 60,
    },
    {
      says: 'is silent for one bad request',
      series: { [answered('frontend', 200)]: '0+1x120', [answered('frontend', 500)]: '0 1x120' },
      at: { '1m': [], '5m': [], '9m': [] },
      shrink: 60,
    },
  ],
  SLOLatencyBurn: [
    {
      says: 'fires when four of ten are slow, and is over when six good hours have passed',
      series: durations(requests, 'product-service', 0.3, '0+6x36 216+10x120', '0+10x156'),
      at: { '3m': [{ service_name: 'product-service', slo: 'latency', value: '8,0' }], '13m': [] },
      shrink: 60,
    },
    {
      says: 'fires when one of ten is slow, for days',
      series: durations(requests, 'product-service', 0.3, '0+9x120', '0+10x120'),
      at: { '5m': [], '9m': [{ service_name: 'product-service', slo: 'latency', value: '2,0' }] },
      shrink: 60,
    },
    {
      says: 'is silent when one of twenty-five is slow, and when one is slow at night',
      series: {
        ...durations(requests, 'product-service', 0.3, '0+24x120', '0+25x120'),
        ...durations(requests, 'user-service', 0.3, '0x120', '0 1x119'),
      },
      at: { '1m': [], '5m': [], '9m': [] },
      shrink: 60,
    },
  ],
}
