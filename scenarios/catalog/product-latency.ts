import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'product-latency',
  title: 'product-service responds 550 ms late: all pages are slow',
  inject: ({ setFault }) => setFault('http-latency', { value: 550, service: 'product-service' }),
  alerts: [
    {
      name: 'HighLatency',
      labels: { service_name: 'product-service' },
      ...defaultDeadlines,
      cause: { service_name: 'product-service', spent: 'waiting in its own code' },
    },
    { name: 'HighLatency', labels: { service_name: 'frontend' }, ...defaultDeadlines },
    // Its windows of a day take minutes on this stack, which is still too long to wait for.
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
