import type { Span } from '../receive/signals'
import type { Attributes } from '../receive/values'

export interface TraceSpan {
  spanId: string
  parentId: string
  service: string
  name: string
  kind: number
  startUs: number
  durationUs: number
  isError: boolean
  statusMessage: string
  attributes: Attributes
  /** The resource's attributes as JSON. */
  resource: string
  events: Span['events']
  links: Span['links']
  scope: string
  depth: number
  /** The time in which nothing that it called was running. */
  selfUs: number
  /** Whether the trace would have been shorter, had it been. */
  isCritical: boolean
  /** Whether its parent is not here. */
  isOrphan: boolean
  /** How many spans are below it. */
  below: number
}

interface Arranged {
  spans: TraceSpan[]
  missing: string[]
}

/** Puts spans below those that caused them, by their start; and finds self time and critical path. */
export function arrange(spans: TraceSpan[]): Arranged {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const children = new Map<string, TraceSpan[]>()
  const roots: TraceSpan[] = []
  const missing = new Set<string>()
  for (const span of spans) {
    if (byId.has(span.parentId)) children.set(span.parentId, [...(children.get(span.parentId) ?? []), span])
    else roots.push(span)
    if (span.parentId === '' || byId.has(span.parentId)) continue
    span.isOrphan = true
    missing.add(span.parentId)
  }
  const shown: TraceSpan[] = []
  const seen = new Set<TraceSpan>()
  for (const root of roots) place(root, 0)
  // Parents in a circle are nobody's children.
  for (const span of spans) if (!seen.has(span)) place(span, 0)
  const [first] = roots.toSorted((a, b) => b.durationUs - a.durationUs)
  if (first) markCritical(first)
  return { spans: shown, missing: [...missing] }

  function place(span: TraceSpan, depth: number): void {
    const at = shown.push(span)
    seen.add(span)
    span.depth = depth
    const below = (children.get(span.spanId) ?? []).filter((child) => !seen.has(child))
    span.selfUs = span.durationUs - covered(span, below)
    for (const child of below) if (!seen.has(child)) place(child, depth + 1)
    span.below = shown.length - at
  }

  // From the end backwards: what ended last held up its parent; before it began, the one that had ended by then.
  function markCritical(span: TraceSpan): void {
    span.isCritical = true
    let untilUs = endOf(span)
    for (const child of (children.get(span.spanId) ?? []).toSorted((a, b) => endOf(b) - endOf(a))) {
      if (endOf(child) > untilUs || child.isCritical) continue
      markCritical(child)
      untilUs = child.startUs
    }
  }
}

const endOf = ({ startUs, durationUs }: TraceSpan): number => startUs + durationUs

// Children may run side by side, and beyond their parent's end.
function covered(span: TraceSpan, children: TraceSpan[]): number {
  let sum = 0
  let reachedUs = span.startUs
  for (const child of children) {
    const startUs = Math.max(child.startUs, reachedUs)
    const endUs = Math.min(endOf(child), endOf(span))
    if (endUs <= startUs) continue
    sum += endUs - startUs
    reachedUs = endUs
  }
  return sum
}
