import { link, paths } from '../ui/paths'
import type { View } from '../ui/view'
import type { Window } from '../ui/window'
import type { Box, Edge } from './find-map'
import { texts } from './text'

/** What is said of boxes and calls, in the drawing and in the tables alike, and where each leads. */
export function wordsOf({ lang, format }: View, window: Window, seconds: number, edges: Edge[]) {
  const text = texts[lang]
  return { box, edge, state, errors, rate, boxHref, edgeHref }

  function box(one: Box): string[] {
    const answers = one.count > 0 ? [`${rate(one.count)} · p95 ${format.duration(one.p95Us)}`] : []
    const bad = one.errors > 0 ? [text.errors(format.share(one.errors / one.count))] : []
    const isTold = one.silentSinceUs !== undefined || one.kind !== 'service' || !one.isSender || one.count === 0
    return [...answers, ...bad, ...(isTold ? [state(one)] : [])]
  }

  function edge({ count, errors, p95Us }: Edge): string[] {
    const bad = errors > 0 ? [text.errors(format.share(errors / count))] : []
    return [rate(count), `p95 ${format.duration(p95Us)}`, ...bad]
  }

  function state({ kind, isSender, silentSinceUs, hasEnded }: Box): string {
    if (kind === 'database') return text.kinds.database
    if (!isSender) return text.quiet
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
  function boxHref(one: Box): string {
    const caller = one.isSender ? one : edges.find(({ to }) => to === one)?.from
    return link(paths.traces, { service: caller?.name, from: window.fromUs, to: window.toUs })
  }

  /** Who calls has the call in its traces, even if nobody answers. */
  function edgeHref({ from, errors }: Edge): string {
    return link(paths.traces, {
      ...{ service: from.name, from: window.fromUs, to: window.toUs },
      ...(errors > 0 && { status: 'error' }),
    })
  }
}

export type Words = ReturnType<typeof wordsOf>
