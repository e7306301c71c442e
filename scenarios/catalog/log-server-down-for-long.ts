import { queryNumber } from '../../stack/clients/prometheus'
import { defaultDeadlines, scenario } from '../contract'

// Log records of the shop in half a minute.
const maxQueueCapacity = 10_000

export default scenario({
  name: 'log-server-down-for-long',
  title: "the log server stays down until the collector's queue is full: the services buffer their log records",
  async skipReason({ endpoints }) {
    const capacity = await queryNumber(
      endpoints.prometheus,
      'otelcol_exporter_queue_capacity{exporter="otlp_http/loki"}',
    )
    if (capacity <= maxQueueCapacity) return undefined
    return `the collector's queue holds ${capacity} records; use LOKI_QUEUE_SIZE=4000 bun run stack --shrink 60`
  },
  inject: ({ kill }) => kill('log-server'),
  revert: ({ start }) => start('log-server'),
  alerts: [
    // The queue fills for half a minute first.
    {
      name: 'CollectorQueueFilling',
      labels: { exporter: 'otlp_http/loki' },
      ...defaultDeadlines,
      firingWithinS: 90,
      cause: { job: 'loki', server: 'down' },
    },
    {
      name: 'CollectorExportFailing',
      labels: { exporter: 'otlp_http/loki' },
      ...defaultDeadlines,
      cause: { job: 'loki', why: 'it is not there' },
    },
  ],
  log: '{service_name="frontend"} | http_route="/"',
  evidenceAfterRevert: true,
  shoppersUnaffected: true,
})
