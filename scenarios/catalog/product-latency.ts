import { t } from '../../src/typography'
import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'product-latency',
  title: t`product-service répond 550 ms trop tard : toutes les pages attendent`,
  inject: ({ setFault }) => setFault('http-latency', { value: 550, service: 'product-service' }),
  alerts: [
    {
      name: 'HighLatency',
      labels: { service_name: 'product-service' },
      ...defaultDeadlines,
      cause: { service_name: 'product-service', spent: 'waiting in its own code' },
    },
    { name: 'HighLatency', labels: { service_name: 'frontend' }, ...defaultDeadlines },
    // Its windows of a day are minutes here, and still longer than anybody waits for their end.
    {
      name: 'SLOLatencyBurn',
      labels: { service_name: 'product-service' },
      firingWithinS: 90,
      resolvedWithinS: false,
      requiresShrink: true,
      cause: { service_name: 'product-service', spent: 'waiting in its own code' },
    },
  ],
  span: { service: 'product-service', tags: { 'span.kind': 'server' }, minDurationMs: 500 },
  log: '{service_name="product-service"} | http_server_request_duration > 0.5',
  sli: { sli: 'latency', service: 'product-service', above: 0.5 },
})
