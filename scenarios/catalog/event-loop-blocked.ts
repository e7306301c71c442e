import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'event-loop-blocked',
  title: 'product-service computes for 400 ms in one of ten requests, and responds to nothing else meanwhile',
  inject: ({ setFault }) => setFault('event-loop-block', { value: 400, service: 'product-service', percent: 10 }),
  alerts: [
    {
      name: 'HighLatency',
      labels: { service_name: 'product-service' },
      ...defaultDeadlines,
      cause: { service_name: 'product-service', spent: 'computing' },
    },
  ],
  span: { service: 'product-service', tags: { 'span.kind': 'server' }, minDurationMs: 380 },
  log: '{service_name="product-service"} | http_server_request_duration > 0.38',
  sli: { sli: 'latency', service: 'product-service', above: 0.05 },
})
