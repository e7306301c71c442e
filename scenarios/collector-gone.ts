import { t } from '../src/typography'
import { scenario, usual } from './contract'

export default scenario({
  name: 'collector-gone',
  title: t`le collecteur est tué : la boutique n'en sait rien, et plus rien n'est vu`,
  inject: ({ kill }) => kill('collector'),
  putBack: ({ start }) => start('collector'),
  alerts: [{ name: 'CollectorDown', ...usual, cause: { job: 'otel-collector' } }],
  // What services kept for it arrives when it is back.
  span: { service: 'frontend', tags: { 'http.route': '/' } },
  log: '{service_name="frontend"} | http_route="/"',
  foundAfterwards: true,
  unnoticed: true,
})
