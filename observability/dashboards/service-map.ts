import { EdgeOptionsBuilder, PanelBuilder as NodeGraph } from '@grafana/grafana-foundation-sdk/nodegraph'
import { t } from '../../src/typography'
import { promqlTable } from './data-sources'
import { withCommonOptions } from './panels'

const client = 'service_name=~"$service", span_kind="SPAN_KIND_CLIENT"'

/**
 * The services and their databases as a graph. Grafana draws the ends of the edges by itself, with the sum of what comes in.
 * Two tables of edges, calls and failures, become one with the columns that the panel looks for: id, source, target.
 */
export const serviceMap = (): NodeGraph =>
  withCommonOptions(new NodeGraph(), {
    title: t`Appels entre services`,
    description: t`Qui appelle qui, et quelle base, d'après les spans d'appel avant tout échantillonnage : appels et échecs par seconde.`,
    unit: 'reqps',
    width: 12,
    height: 10,
    queries: [promqlTable(edges('')), promqlTable(`${edges(', status_code="STATUS_CODE_ERROR"')} or 0 * ${edges('')}`)],
  })
    .edges(new EdgeOptionsBuilder().mainStatUnit(t`appels/s`).secondaryStatUnit(t`échecs/s`))
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

/** Calls that name their other end in `label`; one that does not would be an edge to nowhere, which stops the panel. */
const to = (label: string, more: string): string =>
  `label_replace(rate(traces_span_metrics_calls_total{${client}, ${label}!=""${more}}[$__rate_interval]), "peer", "$1", "${label}", "(.+)")`
