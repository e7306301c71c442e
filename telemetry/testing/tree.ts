import type { ExportedSpan } from './otlp'

// Whether a statement waits for its connection depends on how busy the machine is.
const waitSpan = 'db.client.connection.wait'

/** The spans of a trace as indented text, children in the order in which they started; without waits for connections. */
export function treeOf(spans: ExportedSpan[], traceId: string): string {
  const inTrace = spans
    .filter((span) => span.traceId === traceId && span.name !== waitSpan)
    .sort((a, b) => a.startMs - b.startMs)
  const ids = new Set(inTrace.map((span) => span.spanId))
  const roots = inTrace.filter((span) => !ids.has(span.parentSpanId ?? ''))
  return roots.flatMap((root) => branch(root, 0)).join('\n')

  function branch(span: ExportedSpan, depth: number): string[] {
    const children = inTrace.filter((child) => child.parentSpanId === span.spanId)
    return [`${'  '.repeat(depth)}${label(span)}`, ...children.flatMap((child) => branch(child, depth + 1))]
  }
}

const label = ({ service, kind, name }: ExportedSpan) => `${service} ${kind === 'client' ? '→ ' : ''}${name}`
