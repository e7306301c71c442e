import type { Span } from '../receive/telemetry-types'
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
  /** The time without a running child. */
  selfUs: number
  /** Whether it is on the critical path: a shorter span would make the trace shorter. */
  isCritical: boolean
  /** Whether its parent was not received. */
  isOrphan: boolean
  descendantCount: number
}

interface SpanTree {
  spans: TraceSpan[]
  missingParentIds: string[]
}

/**
 * Arranges spans below their parents in order of start, and computes self time and critical path. It does not recurse, because
 * a chain of spans can exceed the call stack.
 */
export function buildSpanTree(spans: TraceSpan[]): SpanTree {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const children = Map.groupBy(
    spans.filter(({ parentId }) => byId.has(parentId)),
    ({ parentId }) => parentId,
  )
  const roots = spans.filter(({ parentId }) => !byId.has(parentId))
  const orphans = roots.filter(({ parentId }) => parentId !== '')
  for (const orphan of orphans) orphan.isOrphan = true
  const arranged: TraceSpan[] = []
  const visited = new Set<TraceSpan>()
  append(roots)
  // Spans whose parents form a circle have no root.
  for (const span of spans) if (!visited.has(span)) append([span])
  countDescendants(arranged)
  const [longest] = roots.toSorted((a, b) => b.durationUs - a.durationUs)
  if (longest) markCritical(longest)
  return { spans: arranged, missingParentIds: [...new Set(orphans.map(({ parentId }) => parentId))] }

  function append(first: TraceSpan[]): void {
    const next = first.toReversed()
    for (let span = next.pop(); span; span = next.pop()) {
      if (visited.has(span)) continue
      visited.add(span)
      arranged.push(span)
      const unvisited = (children.get(span.spanId) ?? []).filter((child) => !visited.has(child))
      span.selfUs = span.durationUs - coveredUs(span, unvisited)
      for (const child of unvisited.toReversed()) {
        child.depth = span.depth + 1
        next.push(child)
      }
    }
  }

  // Backwards from the end: the last child to end delayed its parent, then the last child to end before that one started.
  function markCritical(root: TraceSpan): void {
    const next = [root]
    for (let span = next.pop(); span; span = next.pop()) {
      span.isCritical = true
      const endUs = endOf(span)
      let untilUs = endUs
      // Clocks differ and some calls are not awaited, so a child delays its parent until the parent's end at the latest.
      const endIn = (child: TraceSpan) => Math.min(endOf(child), endUs)
      for (const child of (children.get(span.spanId) ?? []).toSorted((a, b) => endIn(b) - endIn(a))) {
        if (endIn(child) > untilUs || child.startUs >= endUs || child.isCritical) continue
        next.push(child)
        untilUs = child.startUs
      }
    }
  }
}

function countDescendants(arranged: TraceSpan[]): void {
  for (let at = arranged.length - 1; at >= 0; at--) {
    const span = arranged[at] as TraceSpan
    let child = arranged[at + 1]
    while (child && child.depth > span.depth) {
      span.descendantCount += 1 + child.descendantCount
      child = arranged[at + 1 + span.descendantCount]
    }
  }
}

const endOf = ({ startUs, durationUs }: TraceSpan): number => startUs + durationUs

// Children can overlap, and can end after their parent.
function coveredUs(span: TraceSpan, children: TraceSpan[]): number {
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
