import { t } from '../../src/typography'
import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'log-server-down',
  title: t`Le serveur de journaux est tué : les lignes attendent sur le disque du collecteur`,
  inject: ({ kill }) => kill('log-server'),
  revert: ({ start }) => start('log-server'),
  alerts: [
    {
      name: 'CollectorExportFailing',
      labels: { exporter: 'otlp_http/loki' },
      ...defaultDeadlines,
      cause: { job: 'loki', why: 'it is not there' },
    },
  ],
  // What waited is there, with the time at which it was said.
  log: '{service_name="frontend"} | http_route="/"',
  evidenceAfterRevert: true,
  shoppersUnaffected: true,
})
