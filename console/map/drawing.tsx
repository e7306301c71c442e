import type { FC } from 'hono/jsx'
import { serviceColor } from '../ui/service-name'
import type { MapLabels } from './labels'
import { type EdgeLayout, lineHeight, type MapLayout, type NodeLayout } from './layout'

/** Draws the map. Errors are red and also in the texts, because color alone is not accessible. */
export const Drawing: FC<{ layout: MapLayout; labels: MapLabels; title: string }> = ({ layout, labels, title }) => {
  const { width, height, nodes, edges } = layout
  return (
    <section class="scroll map" tabindex={0} aria-label={title}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <title>{title}</title>
        <defs>
          <Arrow id="arrow" />
          <Arrow id="arrow-bad" />
        </defs>
        {edges.map(({ edge, path }) => (
          <path
            class={edge.errors > 0 ? 'edge bad' : 'edge'}
            d={path}
            marker-end={`url(#${edge.errors > 0 ? 'arrow-bad' : 'arrow'})`}
          />
        ))}
        {nodes.map((nodeLayout) => (
          <NodeShape layout={nodeLayout} href={labels.nodeHref(nodeLayout.node)} />
        ))}
        {edges.map((edgeLayout) => (
          <EdgeLabel layout={edgeLayout} href={labels.edgeHref(edgeLayout.edge)} />
        ))}
      </svg>
    </section>
  )
}

const Arrow: FC<{ id: string }> = ({ id }) => (
  <marker
    id={id}
    viewBox="0 0 8 8"
    refX="7"
    refY="4"
    markerWidth="9"
    markerHeight="9"
    orient="auto"
    markerUnits="userSpaceOnUse"
  >
    <path d="M0 0L8 4L0 8Z" />
  </marker>
)

const NodeShape: FC<{ layout: NodeLayout; href: string }> = ({ layout, href }) => {
  const { node, lines, x, y, width, height } = layout
  const left = x - width / 2
  const top = y - height / 2
  const isColored = node.kind === 'service' && node.sendsTelemetry
  const classes = [
    'box',
    node.kind,
    isColored ? serviceColor(node.name) : 'quiet',
    node.silentSinceUs !== undefined && !node.hasEnded && 'silent',
    node.errors > 0 && 'bad',
  ]
  return (
    <a href={href} class={classes.filter(Boolean).join(' ')}>
      <rect x={left} y={top} width={width} height={height} rx={node.kind === 'database' ? 22 : 8} />
      {isColored && <rect class="color" x={left} y={top + 8} width={4} height={height - 16} rx={2} />}
      <text x={x} y={top + 25} text-anchor="middle">
        <tspan class="name">{node.name}</tspan>
        {lines.map((line) => (
          <tspan x={x} dy={lineHeight}>
            {' '}
            {line}
          </tspan>
        ))}
      </text>
    </a>
  )
}

const EdgeLabel: FC<{ layout: EdgeLayout; href: string }> = ({ layout: { edge, lines, label }, href }) => (
  <a
    href={href}
    class={edge.errors > 0 ? 'call bad' : 'call'}
    aria-label={`${edge.from.name} → ${edge.to.name}: ${lines.join(' ')}`}
  >
    <rect x={label.x - label.width / 2} y={label.y - label.height / 2} width={label.width} height={label.height} />
    <text x={label.x} y={label.y - ((lines.length - 1) * lineHeight) / 2 + 4} text-anchor="middle">
      {lines.map((line, index) => (
        <tspan x={label.x} dy={index === 0 ? 0 : lineHeight}>
          {line}{' '}
        </tspan>
      ))}
    </text>
  </a>
)
