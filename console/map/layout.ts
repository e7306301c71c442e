import { Graph, layout } from '@dagrejs/dagre'
import type { MapEdge, MapNode, ServiceMap } from './find-service-map'

export interface Point {
  x: number
  y: number
}

export interface NodeLayout extends Point {
  node: MapNode
  lines: string[]
  width: number
  height: number
}

export interface EdgeLayout {
  edge: MapEdge
  lines: string[]
  path: string
  label: Point & { width: number; height: number }
}

export interface MapLayout {
  width: number
  height: number
  nodes: NodeLayout[]
  edges: EdgeLayout[]
}

type RoutedEdge = EdgeLayout['label'] & { points: Point[] }

/** Approximate width of a character in names and in other lines, in units of the drawing. */
const nameCharacterWidth = 7.8
const lineCharacterWidth = 6.6
export const lineHeight = 16
const padding = 12

/** Lays out nodes from left to right, callers first. The size of each node and edge label follows from its text. */
export function layOutMap(
  { nodes, edges }: ServiceMap,
  labels: { nodeLines(node: MapNode): string[]; edgeLines(edge: MapEdge): string[] },
): MapLayout {
  const graph = new Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'LR', nodesep: 28, edgesep: 18, ranksep: 36, marginx: 12, marginy: 12 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const node of nodes) graph.setNode(node.id, sizeOf(node, labels.nodeLines(node)))
  for (const [index, edge] of edges.entries()) {
    const lines = labels.edgeLines(edge)
    const size = {
      width: widest(lines, lineCharacterWidth) + padding,
      height: lines.length * lineHeight + 4,
      labelpos: 'c',
    }
    graph.setEdge(edge.from.id, edge.to.id, size, String(index))
  }
  layout(graph)
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: nodes.map((node) => ({
      node,
      lines: labels.nodeLines(node),
      ...(graph.node(node.id) as Omit<NodeLayout, 'node' | 'lines'>),
    })),
    edges: edges.map((edge, index) => {
      const { points, ...label } = graph.edge(edge.from.id, edge.to.id, String(index)) as RoutedEdge
      return { edge, lines: labels.edgeLines(edge), path: curve(points), label }
    }),
  }
}

function sizeOf({ name }: MapNode, lines: string[]) {
  const width = Math.max(name.length * nameCharacterWidth, widest(lines, lineCharacterWidth)) + 2 * padding + 8
  return { width, height: (lines.length + 1) * lineHeight + 2 * padding }
}

const widest = (lines: string[], characterWidth: number): number =>
  Math.max(0, ...lines.map((line) => line.length * characterWidth))

// Quadratic curves that bend at each point and pass through the middles between points.
function curve([first, ...points]: Point[]): string {
  if (!first) return ''
  const last = points.at(-1) ?? first
  const bends = points.slice(0, -1).map((point, index) => {
    const next = points[index + 1] ?? last
    return `Q${at(point)} ${at({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`
  })
  return `M${at(first)}${bends.join('')}L${at(last)}`
}

const at = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`
