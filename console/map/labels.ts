import type { Locale } from '../ui/locale'
import { link, paths } from '../ui/paths'
import type { TimeWindow } from '../ui/time-window'
import type { MapEdge, MapNode } from './find-service-map'
import { messages } from './messages'

/** What is said of boxes and calls, in the drawing and in the tables alike, and where each leads. */
export function createMapLabels({ lang, format }: Locale, window: TimeWindow, seconds: number, edges: MapEdge[]) {
  const text = messages[lang]
  return { box, edge, state, errors, rate, nodeHref, edgeHref }

  function box(one: MapNode): string[] {
    const answers = one.count > 0 ? [`${rate(one.count)} · p95 ${format.duration(one.p95Us)}`] : []
    const bad = one.errors > 0 ? [text.errors(format.share(one.errors / one.count))] : []
    const isTold = one.silentSinceUs !== undefined || one.kind !== 'service' || !one.sendsTelemetry || one.count === 0
    return [...answers, ...bad, ...(isTold ? [state(one)] : [])]
  }

  function edge({ count, errors, p95Us }: MapEdge): string[] {
    const bad = errors > 0 ? [text.errors(format.share(errors / count))] : []
    return [rate(count), `p95 ${format.duration(p95Us)}`, ...bad]
  }

  function state({ kind, sendsTelemetry, silentSinceUs, hasEnded }: MapNode): string {
    if (kind === 'database') return text.kinds.database
    if (!sendsTelemetry) return text.quiet
    if (silentSinceUs === undefined) return text.active
    const how = hasEnded ? text.ended : text.silent
    return silentSinceUs > 0 ? text.seen(how, format.ago(silentSinceUs)) : how
  }

  function errors(count: number, of: number): string {
    return count > 0 ? `${format.count(count)} (${format.share(count / of)})` : '0'
  }

  function rate(count: number): string {
    return format.rate(count, seconds)
  }

  /** Of a box that sends nothing, the traces of those who call it tell. */
  function nodeHref(one: MapNode): string {
    const caller = one.sendsTelemetry ? one : edges.find(({ to }) => to === one)?.from
    return link(paths.traces, { service: caller?.name, from: window.fromUs, to: window.toUs })
  }

  /** Who calls has the call in its traces, even if nobody answers. */
  function edgeHref({ from, errors }: MapEdge): string {
    return link(paths.traces, {
      ...{ service: from.name, from: window.fromUs, to: window.toUs },
      ...(errors > 0 && { status: 'error' }),
    })
  }
}

export type MapLabels = ReturnType<typeof createMapLabels>
