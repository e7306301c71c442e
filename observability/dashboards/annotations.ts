import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { t } from '../../src/typography'
import { dataSources, logql, promql, type Query } from './data-sources'

/** What explains a bend in a curve: drawn over every panel. */
export const annotations = (): Builder<AnnotationQuery>[] => [
  annotation(
    t`Déploiements`,
    'blue',
    promql(`${versions()} unless ${versions(' offset 1m')}`, ''),
    '{{service_name}} {{service_version}}',
  ),
  annotation(
    t`Pannes provoquées`,
    'red',
    logql('{service_name=~".+"} | event_name=~"fault.changed|scenario\\\\.(started|ended)"'),
    '',
  ),
  annotation(
    t`Tests de charge`,
    'purple',
    logql('{service_name=~".+"} | event_name=~"loadtest\\\\.(started|ended)"'),
    '',
  ),
]

/** Which versions run. One that did not a minute ago was deployed. */
const versions = (offset = ''): string =>
  `count by (service_name, service_version) (target_info{service_namespace="vitrine"}${offset})`

function annotation(name: string, colour: string, query: Query, textFormat: string): Builder<AnnotationQuery> {
  const target = query.build('Anno')
  const { expr } = target.build() as unknown as { expr: string }
  // Prometheus and Loki read `expr` of the annotation itself, newer editors that of its target.
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(dataSources[query.source])
    .enable(true)
    .iconColor(colour)
    .expr(expr)
    .titleFormat(name)
    .textFormat(textFormat)
    .target(target)
}
