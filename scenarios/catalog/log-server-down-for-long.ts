import { t } from '../../src/typography'
import { queryNumber } from '../../stack/clients/prometheus'
import { defaultDeadlines, scenario } from '../contract'

// What the shop says in half a minute.
const mostItems = 10_000

export default scenario({
  name: 'log-server-down-for-long',
  title: t`Le serveur de journaux reste absent jusqu'à ce que la file du collecteur déborde : les services gardent leurs lignes`,
  async skipReason({ endpoints }) {
    const items = await queryNumber(endpoints.prometheus, 'otelcol_exporter_queue_capacity{exporter="otlp_http/loki"}')
    if (items <= mostItems) return undefined
    return t`la file du collecteur a ${items} places : LOKI_QUEUE_SIZE=4000 bun run stack --shrink 60`
  },
  inject: ({ kill }) => kill('log-server'),
  revert: ({ start }) => start('log-server'),
  alerts: [
    // It fills for half a minute first.
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
