import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { dataSources, logql, promql, type Query } from './data-sources'

/** Events drawn over every panel. */
export const annotations = (): Builder<AnnotationQuery>[] => [
  annotation(
    'Deployments',
    'blue',
    promql(`${versions()} unless ${versions(' offset 1m')}`, ''),
    '{{service_name}} {{service_version}}',
  ),
  annotation(
    'Injected faults',
    'red',
    logql('{service_name=~".+"} | event_name=~"fault.changed|scenario\\\\.(started|ended)"'),
    '',
  ),
  annotation('Load tests', 'purple', logql('{service_name=~".+"} | event_name=~"loadtest\\\\.(started|ended)"'), ''),
]

/** The running versions. A version that did not run a minute ago was deployed. */
const versions = (offset = ''): string =>
  `count by (service_name, service_version) (target_info{service_namespace="vitrine"}${offset})`

function annotation(name: string, color: string, query: Query, textFormat: string): Builder<AnnotationQuery> {
  const target = query.build('Anno')
  const { expr } = target.build() as unknown as { expr: string }
  // The data sources read `expr` of the annotation, newer editors `expr` of its target.
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(dataSources[query.source])
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .titleFormat(name)
    .textFormat(textFormat)
    .target(target)
}
