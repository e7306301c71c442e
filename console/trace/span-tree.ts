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
  /** The time in which nothing that it called was running. */
  selfUs: number
  /** Whether the trace would have been shorter, had it been. */
  isCritical: boolean
  /** Whether its parent is not here. */
  isOrphan: boolean
  /** How many spans are below it. */
  descendantCount: number
}

interface SpanTree {
  spans: TraceSpan[]
  missingParentIds: string[]
}

/**
 * Puts spans below those that caused them, by their start; and finds self time and critical path. Without recursion: a
 * chain may be longer than the stack.
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
  const shown: TraceSpan[] = []
  const seen = new Set<TraceSpan>()
  place(roots)
  // Parents in a circle are nobody's children.
  for (const span of spans) if (!seen.has(span)) place([span])
  countBelow(shown)
  const [longest] = roots.toSorted((a, b) => b.durationUs - a.durationUs)
  if (longest) markCritical(longest)
  return { spans: shown, missingParentIds: [...new Set(orphans.map(({ parentId }) => parentId))] }

  function place(first: TraceSpan[]): void {
    const next = first.toReversed()
    for (let span = next.pop(); span; span = next.pop()) {
      if (seen.has(span)) continue
      seen.add(span)
      shown.push(span)
      const own = (children.get(span.spanId) ?? []).filter((child) => !seen.has(child))
      span.selfUs = span.durationUs - covered(span, own)
      for (const child of own.toReversed()) {
        child.depth = span.depth + 1
        next.push(child)
      }
    }
  }

  // From the end backwards: what ended last held up its parent; before it began, the one that had ended by then.
  function markCritical(root: TraceSpan): void {
    const next = [root]
    for (let span = next.pop(); span; span = next.pop()) {
      span.isCritical = true
      const endUs = endOf(span)
      let untilUs = endUs
      // Clocks differ, and some calls are not waited for: nobody held up the parent after its end.
      const endIn = (child: TraceSpan) => Math.min(endOf(child), endUs)
      for (const child of (children.get(span.spanId) ?? []).toSorted((a, b) => endIn(b) - endIn(a))) {
        if (endIn(child) > untilUs || child.startUs >= endUs || child.isCritical) continue
        next.push(child)
        untilUs = child.startUs
      }
    }
  }
}

function countBelow(shown: TraceSpan[]): void {
  for (let at = shown.length - 1; at >= 0; at--) {
    const span = shown[at] as TraceSpan
    let below = shown[at + 1]
    while (below && below.depth > span.depth) {
      span.descendantCount += 1 + below.descendantCount
      below = shown[at + 1 + span.descendantCount]
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
