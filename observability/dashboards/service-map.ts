import { EdgeOptionsBuilder, PanelBuilder as NodeGraph } from '@grafana/grafana-foundation-sdk/nodegraph'
import { promqlTable } from './data-sources'
import { withCommonOptions } from './panels'

const client = 'service_name=~"$service", span_kind="SPAN_KIND_CLIENT"'

/**
 * The services and their databases as a graph. Grafana derives the nodes from the edges. Two tables, calls and failures, are
 * merged into one with the columns that the panel requires: id, source, target.
 */
export const serviceMap = (): NodeGraph =>
  withCommonOptions(new NodeGraph(), {
    title: 'Calls between services',
    description:
      'Calls between services and to databases, from client spans before sampling: calls and failures per second.',
    unit: 'reqps',
    width: 12,
    height: 10,
    queries: [promqlTable(edges('')), promqlTable(`${edges(', status_code="STATUS_CODE_ERROR"')} or 0 * ${edges('')}`)],
  })
    .edges(new EdgeOptionsBuilder().mainStatUnit('calls/s').secondaryStatUnit('failures/s'))
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        renameByName: { 'Value #A': 'mainstat', 'Value #B': 'secondarystat' },
      },
    })

/** Calls per second of each pair, in the labels of a node graph's edge. */
function edges(more: string): string {
  const calls = `sum by (service_name, peer) (${to('service_peer_name', more)} or ${to('db_namespace', more)})`
  const ends = `label_replace(label_replace(${calls}, "source", "$1", "service_name", "(.+)"), "target", "$1", "peer", "(.+)")`
  return `sum by (id, source, target) (label_join(${ends}, "id", " → ", "source", "target"))`
}

/** Calls whose callee is in `label`. Calls without it are excluded, because an edge without a target breaks the panel. */
const to = (label: string, more: string): string =>
  `label_replace(rate(traces_span_metrics_calls_total{${client}, ${label}!=""${more}}[$__rate_interval]), "peer", "$1", "${label}", "(.+)")`
