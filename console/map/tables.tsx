import type { FC } from 'hono/jsx'
import type { Locale } from '../ui/locale'
import { ServiceName } from '../ui/service-name'
import type { MapEdge, MapNode, ServiceMap } from './find-service-map'
import type { MapLabels } from './labels'
import { messages } from './messages'

/** The map as tables. */
export const MapTables: FC<{ locale: Locale; map: ServiceMap; labels: MapLabels }> = ({
  locale,
  map: { nodes, edges },
  labels,
}) => {
  const { calls, nodes: nodesTitle } = messages[locale.lang]
  return (
    <>
      {edges.length > 0 && (
        <>
          <h2>{calls}</h2>
          <section class="scroll" tabindex={0} aria-label={calls}>
            <Calls locale={locale} edges={edges} labels={labels} />
          </section>
        </>
      )}
      <h2>{nodesTitle}</h2>
      <section class="scroll" tabindex={0} aria-label={nodesTitle}>
        <Nodes locale={locale} nodes={nodes} labels={labels} />
      </section>
    </>
  )
}

const Calls: FC<{ locale: Locale; edges: MapEdge[]; labels: MapLabels }> = ({ locale, edges, labels }) => {
  const { columns, traces } = messages[locale.lang]
  return (
    <table>
      <thead>
        <tr>
          <th>{columns.from}</th>
          <th>{columns.to}</th>
          <th class="number">{columns.count}</th>
          <th class="number">{columns.rate}</th>
          <th class="number">{columns.errors}</th>
          <th class="number">p95</th>
          <th>{traces}</th>
        </tr>
      </thead>
      <tbody>
        {edges.map((edge) => (
          <tr data-row class={edge.errors > 0 ? 'bad-row' : undefined}>
            <td>
              <ServiceName name={edge.from.name} />
            </td>
            <td>
              <NodeName node={edge.to} />
            </td>
            <td class="number">{locale.format.count(edge.count)}</td>
            <td class="number">{labels.rate(edge.count)}</td>
            <td class={edge.errors > 0 ? 'number bad' : 'number'}>{labels.errors(edge.errors, edge.count)}</td>
            <td class="number">{locale.format.duration(edge.p95Us)}</td>
            <td>
              <a href={labels.edgeHref(edge)} aria-label={`${traces}: ${edge.from.name} → ${edge.to.name}`}>
                {traces}
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const Nodes: FC<{ locale: Locale; nodes: MapNode[]; labels: MapLabels }> = ({ locale, nodes, labels }) => {
  const { columns, kinds } = messages[locale.lang]
  return (
    <table>
      <thead>
        <tr>
          <th>{columns.name}</th>
          <th>{columns.kind}</th>
          <th class="number">{columns.requests}</th>
          <th class="number">{columns.rate}</th>
          <th class="number">{columns.errors}</th>
          <th class="number">p95</th>
          <th>{columns.state}</th>
        </tr>
      </thead>
      <tbody>
        {nodes.map((node) => (
          <tr data-row class={node.errors > 0 ? 'bad-row' : undefined}>
            <td>
              <a href={labels.nodeHref(node)}>
                <NodeName node={node} />
              </a>
            </td>
            <td>{kinds[node.kind]}</td>
            <td class="number">{node.count > 0 ? locale.format.count(node.count) : '–'}</td>
            <td class="number">{node.count > 0 ? labels.rate(node.count) : '–'}</td>
            <td class={node.errors > 0 ? 'number bad' : 'number'}>
              {node.count > 0 ? labels.errors(node.errors, node.count) : '–'}
            </td>
            <td class="number">{node.count > 0 ? locale.format.duration(node.p95Us) : '–'}</td>
            <td>
              <State node={node} labels={labels} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const State: FC<{ node: MapNode; labels: MapLabels }> = ({ node, labels }) => {
  if (node.kind === 'database') return '–'
  const isUnexpected = node.silentSinceUs !== undefined && !node.hasEnded
  return isUnexpected ? <span class="badge warn">{labels.state(node)}</span> : labels.state(node)
}

// Only services that send telemetry have a color.
const NodeName: FC<{ node: MapNode }> = ({ node }) =>
  node.kind === 'service' && node.sendsTelemetry ? <ServiceName name={node.name} /> : <span>{node.name}</span>
