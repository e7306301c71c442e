import type { Locale } from '../ui/locale'
import { link, paths } from '../ui/paths'
import type { TimeWindow } from '../ui/time-window'
import type { MapEdge, MapNode } from './find-service-map'
import { messages } from './messages'

/** The texts and links of nodes and edges, shared by the drawing and the tables. */
export function createMapLabels({ lang, format }: Locale, window: TimeWindow, seconds: number, edges: MapEdge[]) {
  const text = messages[lang]
  return { nodeLines, edgeLines, state, errors, rate, nodeHref, edgeHref }

  function nodeLines(node: MapNode): string[] {
    const requests = node.count > 0 ? [`${rate(node.count)} · p95 ${format.duration(node.p95Us)}`] : []
    const failed = node.errors > 0 ? [text.errors(format.share(node.errors / node.count))] : []
    const isActive = node.kind === 'service' && node.sendsTelemetry && node.silentSinceUs === undefined
    return [...requests, ...failed, ...(isActive && node.count > 0 ? [] : [state(node)])]
  }

  function edgeLines({ count, errors, p95Us }: MapEdge): string[] {
    const failed = errors > 0 ? [text.errors(format.share(errors / count))] : []
    return [rate(count), `p95 ${format.duration(p95Us)}`, ...failed]
  }

  function state({ kind, sendsTelemetry, silentSinceUs, hasEnded }: MapNode): string {
    if (kind === 'database') return text.kinds.database
    if (!sendsTelemetry) return text.noTelemetry
    if (silentSinceUs === undefined) return text.active
    const label = hasEnded ? text.ended : text.silent
    return silentSinceUs > 0 ? text.seen(label, format.ago(silentSinceUs)) : label
  }

  function errors(count: number, total: number): string {
    return count > 0 ? `${format.count(count)} (${format.share(count / total)})` : '0'
  }

  function rate(count: number): string {
    return format.rate(count, seconds)
  }

  /** A node without telemetry links to the traces of its caller. */
  function nodeHref(node: MapNode): string {
    const caller = node.sendsTelemetry ? node : edges.find(({ to }) => to === node)?.from
    return link(paths.traces, { service: caller?.name, from: window.fromUs, to: window.toUs })
  }

  /** Links to the traces of the caller, which have the call even without a response. */
  function edgeHref({ from, errors }: MapEdge): string {
    return link(paths.traces, {
      ...{ service: from.name, from: window.fromUs, to: window.toUs },
      ...(errors > 0 && { status: 'error' }),
    })
  }
}

export type MapLabels = ReturnType<typeof createMapLabels>
