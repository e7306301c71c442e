import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'log-server-down',
  title: "the log server is killed: log records wait on the collector's disk",
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
  // Buffered log records arrive with their original timestamps.
  log: '{service_name="frontend"} | http_route="/"',
  evidenceAfterRevert: true,
  shoppersUnaffected: true,
})
