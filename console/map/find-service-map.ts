import type { Database } from 'bun:sqlite'
import { silenceThresholdFor } from '../alerts/silence-threshold'
import { addHistogram, type Histogram, quantile } from '../store/histogram'
import { findTotals } from '../store/totals'
import type { TimeWindow } from '../ui/time-window'
import type { Rule } from '../views'
import { lastSeen } from './last-seen'

export type NodeKind = 'service' | 'database' | 'other'

/** A program or a database, and how it answered. */
export interface MapNode {
  id: string
  name: string
  kind: NodeKind
  /** What its server spans say; nothing of databases, and of programs that answer nobody. */
  count: number
  errors: number
  p95Us: number
  /** Whether it sends at all; a database does not, nor does a program of somebody else's. */
  sendsTelemetry: boolean
  /** Since when nothing has come from it, if that is too long. */
  silentSinceUs: number | undefined
  /** Whether it may be silent: nobody promised that it goes on. */
  hasEnded: boolean
}

/** The calls from one to another. */
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

/** Who called whom in the window. */
export function findServiceMap(db: Database, window: TimeWindow, rules: Rule[]): ServiceMap {
  const seen = lastSeen(db, window)
  const boxes = new Map<string, MapNode>()
  for (const [service, lastUs] of seen) if (lastUs >= window.fromUs) boxOf('service', service)
  const edges = findTotals(db, 'edge', window.fromUs, window.toUs).map(
    ({ service, name, detail, count, errors, histogram }): MapEdge => ({
      from: boxOf('service', service),
      to: boxOf(detail as NodeKind, name),
      ...{ count, errors },
      p95Us: quantile(histogram, 0.95),
    }),
  )
  addAnswers(db, window, (service) => boxOf('service', service))
  return { nodes: [...boxes.values()].sort(byName), edges: edges.sort((a, b) => b.count - a.count) }

  function boxOf(kind: NodeKind, name: string): MapNode {
    const id = `${kind}\n${name}`
    const known = boxes.get(id)
    if (known) return known
    const lastUs = kind === 'service' ? seen.get(name) : undefined
    const { thresholdUs, isUnexpected } = silenceThresholdFor(rules, name)
    const isSilent = lastUs !== undefined && window.toUs - lastUs > thresholdUs
    const made: MapNode = {
      ...{ id, name, kind, count: 0, errors: 0, p95Us: 0, sendsTelemetry: lastUs !== undefined },
      silentSinceUs: isSilent ? lastUs : undefined,
      hasEnded: isSilent && !isUnexpected,
    }
    boxes.set(id, made)
    return made
  }
}

function addAnswers(db: Database, { fromUs, toUs }: TimeWindow, boxOf: (service: string) => MapNode): void {
  const durations = new Map<MapNode, Histogram>()
  for (const { service, count, errors, histogram } of findTotals(db, 'route', fromUs, toUs)) {
    const box = boxOf(service)
    box.count += count
    box.errors += errors
    const all = durations.get(box)
    if (all) addHistogram(all, histogram)
    else durations.set(box, histogram)
  }
  for (const [box, histogram] of durations) box.p95Us = quantile(histogram, 0.95)
}

const byName = (a: MapNode, b: MapNode) => a.name.localeCompare(b.name)
