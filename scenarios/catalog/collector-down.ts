import { t } from '../../src/typography'
import { defaultDeadlines, scenario } from '../contract'

export default scenario({
  name: 'collector-down',
  title: t`le collecteur est tué : la boutique n'en sait rien, et plus rien n'est vu`,
  inject: ({ kill }) => kill('collector'),
  revert: ({ start }) => start('collector'),
  alerts: [{ name: 'CollectorDown', ...defaultDeadlines, cause: { job: 'otel-collector' } }],
  // What services kept for it arrives when it is back.
  span: { service: 'frontend', tags: { 'http.route': '/' } },
  log: '{service_name="frontend"} | http_route="/"',
  evidenceAfterRevert: true,
  shoppersUnaffected: true,
})
