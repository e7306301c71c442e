import type { Database } from 'bun:sqlite'
import { silenceThresholdFor } from '../alerts/silence-threshold'
import { addHistogram, type Histogram, quantile } from '../store/histogram'
import { findTotals } from '../store/totals'
import type { TimeWindow } from '../ui/time-window'
import type { Rule } from '../views'
import { lastSeen } from './last-seen'

export type NodeKind = 'service' | 'database' | 'other'

/** A service or database, with the requests that it served. */
export interface MapNode {
  id: string
  name: string
  kind: NodeKind
  /** From its server spans; 0 for a database and for a service that serves no requests. */
  count: number
  errors: number
  p95Us: number
  /** False for databases and external services. */
  sendsTelemetry: boolean
  /** When it was last seen, if that is longer ago than its threshold; 0 for a time before the window. */
  silentSinceUs: number | undefined
  /** Whether its silence is normal, because no rule watches it. */
  hasEnded: boolean
}

/** The calls from one node to another. */
export interface MapEdge {
  from: MapNode
  to: MapNode
  count: number
  errors: number
  p95Us: number
}

export interface ServiceMap {
  nodes: MapNode[]
  edges: MapEdge[]
}

/** The services and databases of the window, and the calls between them. */
export function findServiceMap(db: Database, window: TimeWindow, rules: Rule[]): ServiceMap {
  const seen = lastSeen(db, window)
  const nodesById = new Map<string, MapNode>()
  for (const [service, lastUs] of seen) if (lastUs >= window.fromUs) nodeOf('service', service)
  const edges = findTotals(db, 'edge', window.fromUs, window.toUs).map(
    ({ service, name, detail, count, errors, histogram }): MapEdge => ({
      from: nodeOf('service', service),
      to: nodeOf(detail as NodeKind, name),
      ...{ count, errors },
      p95Us: quantile(histogram, 0.95),
    }),
  )
  addServerSpans(db, window, (service) => nodeOf('service', service))
  return { nodes: [...nodesById.values()].sort(byName), edges: edges.sort((a, b) => b.count - a.count) }

  function nodeOf(kind: NodeKind, name: string): MapNode {
    const id = `${kind}\n${name}`
    const existing = nodesById.get(id)
    if (existing) return existing
    const lastUs = kind === 'service' ? seen.get(name) : undefined
    const { thresholdUs, isUnexpected } = silenceThresholdFor(rules, name)
    const isSilent = lastUs !== undefined && window.toUs - lastUs > thresholdUs
    const node: MapNode = {
      ...{ id, name, kind, count: 0, errors: 0, p95Us: 0, sendsTelemetry: lastUs !== undefined },
      silentSinceUs: isSilent ? lastUs : undefined,
      hasEnded: isSilent && !isUnexpected,
    }
    nodesById.set(id, node)
    return node
  }
}

function addServerSpans(db: Database, { fromUs, toUs }: TimeWindow, nodeOf: (service: string) => MapNode): void {
  const durations = new Map<MapNode, Histogram>()
  for (const { service, count, errors, histogram } of findTotals(db, 'route', fromUs, toUs)) {
    const node = nodeOf(service)
    node.count += count
    node.errors += errors
    const sum = durations.get(node)
    if (sum) addHistogram(sum, histogram)
    else durations.set(node, histogram)
  }
  for (const [node, histogram] of durations) node.p95Us = quantile(histogram, 0.95)
}

const byName = (a: MapNode, b: MapNode) => a.name.localeCompare(b.name)
