import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'collector-down',
  title: 'the collector is killed: the shop keeps working, and no telemetry is visible',
  inject: ({ kill }) => kill('collector'),
  revert: ({ start }) => start('collector'),
  alerts: [{ name: 'CollectorDown', ...defaultDeadlines, cause: { job: 'otel-collector' } }],
  // The services buffer their telemetry until the collector runs again.
  span: { service: 'frontend', tags: { 'http.route': '/' } },
  log: '{service_name="frontend"} | http_route="/"',
  evidenceAfterRevert: true,
  shoppersUnaffected: true,
})
