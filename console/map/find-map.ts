import type { Database } from 'bun:sqlite'
import { silenceOf } from '../alerts/silence'
import { addHistogram, type Histogram, quantile } from '../store/histogram'
import { findTotals } from '../store/totals'
import type { Window } from '../ui/window'
import type { Rule } from '../views'
import { lastSeen } from './last-seen'

export type Kind = 'service' | 'database' | 'other'

/** A program or a database, and how it answered. */
export interface Box {
  id: string
  name: string
  kind: Kind
  /** What its server spans say; nothing of databases, and of programs that answer nobody. */
  count: number
  errors: number
  p95Us: number
  /** Whether it sends at all; a database does not, nor does a program of somebody else's. */
  isSender: boolean
  /** Since when nothing has come from it, if that is too long. */
  silentSinceUs: number | undefined
  /** Whether it may be silent: nobody promised that it goes on. */
  hasEnded: boolean
}

/** The calls from one to another. */
export interface Edge {
  from: Box
  to: Box
  count: number
  errors: number
  p95Us: number
}

export interface ServiceMap {
  boxes: Box[]
  edges: Edge[]
}

/** Who called whom in the window. */
export function findMap(db: Database, window: Window, rules: Rule[]): ServiceMap {
  const seen = lastSeen(db, window)
  const boxes = new Map<string, Box>()
  for (const [service, lastUs] of seen) if (lastUs >= window.fromUs) boxOf('service', service)
  const edges = findTotals(db, 'edge', window.fromUs, window.toUs).map(
    ({ service, name, detail, count, errors, histogram }): Edge => ({
      from: boxOf('service', service),
      to: boxOf(detail as Kind, name),
      ...{ count, errors },
      p95Us: quantile(histogram, 0.95),
    }),
  )
  addAnswers(db, window, (service) => boxOf('service', service))
  return { boxes: [...boxes.values()].sort(byName), edges: edges.sort((a, b) => b.count - a.count) }

  function boxOf(kind: Kind, name: string): Box {
    const id = `${kind}\n${name}`
    const known = boxes.get(id)
    if (known) return known
    const lastUs = kind === 'service' ? seen.get(name) : undefined
    const { afterUs, isFault } = silenceOf(rules, name)
    const isSilent = lastUs !== undefined && window.toUs - lastUs > afterUs
    const made: Box = {
      ...{ id, name, kind, count: 0, errors: 0, p95Us: 0, isSender: lastUs !== undefined },
      silentSinceUs: isSilent ? lastUs : undefined,
      hasEnded: isSilent && !isFault,
    }
    boxes.set(id, made)
    return made
  }
}

function addAnswers(db: Database, { fromUs, toUs }: Window, boxOf: (service: string) => Box): void {
  const durations = new Map<Box, Histogram>()
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

const byName = (a: Box, b: Box) => a.name.localeCompare(b.name)
